//! Takes named files out of a package: zip (wheels, `.task`) or gzipped tar (npm, crates, sdists), one in another.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Separates the path of an archive from the path inside it.
const NESTED: char = '!';
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The contents of the wanted files, by the path they were asked for under. One pass over the archive.
pub(crate) fn extract(archive: &Path, wanted: &[&str]) -> Result<BTreeMap<String, Vec<u8>>> {
    let file = std::fs::File::open(archive).with_context(|| format!("cannot open {}", archive.display()))?;
    read(file, wanted).with_context(|| format!("in {}", archive.display()))
}

fn read(mut archive: impl Read + Seek, wanted: &[&str]) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut outer: Vec<&str> = wanted.iter().map(|path| split(path).0).collect();
    outer.sort_unstable();
    outer.dedup();

    let mut start = [0; 2];
    archive.read_exact(&mut start).context("the archive is empty")?;
    archive.seek(SeekFrom::Start(0)).context("the archive cannot be read twice")?;
    let found = if start == GZIP { read_tar(archive, &outer)? } else { read_zip(archive, &outer)? };
    if let Some(missing) = outer.iter().find(|path| !found.contains_key(**path)) {
        bail!("there is no `{missing}`");
    }

    let mut taken = BTreeMap::new();
    for path in wanted {
        let (head, rest) = split(path);
        let bytes = &found[head];
        let bytes = match rest {
            None => bytes.clone(),
            Some(rest) => read(Cursor::new(bytes), &[rest])
                .with_context(|| format!("in {head}"))?
                .remove(rest)
                .unwrap_or_default(),
        };
        taken.insert((*path).to_owned(), bytes);
    }
    Ok(taken)
}

fn split(path: &str) -> (&str, Option<&str>) {
    match path.split_once(NESTED) {
        Some((head, rest)) => (head, Some(rest)),
        None => (path, None),
    }
}

fn read_zip(archive: impl Read + Seek, wanted: &[&str]) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut zip = zip::ZipArchive::new(archive).context("this is neither a zip nor a gzipped tar")?;
    let mut found = BTreeMap::new();
    for path in wanted {
        let Ok(mut file) = zip.by_name(path) else { continue };
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).with_context(|| format!("`{path}` is damaged"))?;
        found.insert((*path).to_owned(), bytes);
    }
    Ok(found)
}

fn read_tar(archive: impl Read, wanted: &[&str]) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(std::io::BufReader::new(archive)));
    let mut found = BTreeMap::new();
    for entry in tar.entries().context("the tar is damaged")? {
        let mut entry = entry.context("the tar is damaged")?;
        let path = entry.path().context("the tar has a name that is no path")?.to_string_lossy().into_owned();
        if !wanted.contains(&path.as_str()) {
            continue;
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).with_context(|| format!("`{path}` is damaged"))?;
        found.insert(path, bytes);
        if found.len() == wanted.len() {
            break;
        }
    }
    Ok(found)
}

#[cfg(test)]
pub(crate) mod tests {
    use std::io::Write;

    use super::*;

    /// A gzipped tar with these files.
    pub(crate) fn tar_gz(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut tar =
            tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
        for (path, bytes) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            tar.append_data(&mut header, path, *bytes).unwrap();
        }
        tar.into_inner().unwrap().finish().unwrap()
    }

    fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (path, bytes) in files {
            zip.start_file(*path, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn check(archive: &[u8], wanted: &[&str]) -> Result<Vec<Vec<u8>>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("package");
        std::fs::write(&path, archive).unwrap();
        let mut found = extract(&path, wanted)?;
        Ok(wanted.iter().map(|path| found.remove(*path).unwrap()).collect())
    }

    #[test]
    fn files_come_out_of_a_zip_and_of_a_tar() {
        let files: &[(&str, &[u8])] = &[("a/one", b"1"), ("a/two", b"22")];
        assert_eq!(check(&zip_of(files), &["a/two", "a/one"]).unwrap(), [b"22".to_vec(), b"1".to_vec()]);
        assert_eq!(check(&tar_gz(files), &["a/two", "a/one"]).unwrap(), [b"22".to_vec(), b"1".to_vec()]);
    }

    #[test]
    fn a_file_comes_out_of_an_archive_in_an_archive() {
        let task = zip_of(&[("graph.binarypb", b"graph"), ("other", b"x")]);
        let outer: &[(&str, &[u8])] = &[("m/face.task", &task), ("m/plain", b"plain")];
        for package in [zip_of(outer), tar_gz(outer)] {
            let found = check(&package, &["m/face.task!graph.binarypb", "m/plain"]).unwrap();
            assert_eq!(found, [b"graph".to_vec(), b"plain".to_vec()]);
        }
    }

    #[test]
    fn a_zip_may_have_bytes_before_it() {
        let mut task = vec![0, 0];
        task.extend(zip_of(&[("graph", b"graph")]));
        assert_eq!(check(&task, &["graph"]).unwrap(), [b"graph".to_vec()]);
    }

    #[test]
    fn what_is_missing_is_named() {
        let package = zip_of(&[("m/face.task", &zip_of(&[("other", b"x")]))]);
        let error = format!("{:#}", check(&package, &["m/face.task!graph"]).unwrap_err());
        assert!(error.contains("m/face.task") && error.contains("no `graph`"), "{error}");
        let error = format!("{:#}", check(b"no archive", &["x"]).unwrap_err());
        assert!(error.contains("neither a zip nor a gzipped tar"), "{error}");
    }
}
