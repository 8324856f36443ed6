//! Tests of the committed manifests, and of installing from a package made here.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::archive::tests::tar_gz;
use crate::digest::{self, Digest, Found};
use crate::fetch::Network;
use crate::install;
use crate::manifest::{Catalogue, Demo, Need, Package, PackageFile, Quantised, Registry};
use crate::place::Place;
use crate::progress::Steps;

fn repo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

// Reading already refuses digests that are none, targets given twice and photos that no package has.
#[test]
fn the_committed_manifests_are_consistent() {
    let catalogue = Catalogue::read(&repo()).unwrap();
    assert_eq!(catalogue.converted.len(), 4);
    assert_eq!(catalogue.quantised.photos.len(), 24);
    assert_eq!(catalogue.quantised.photos.iter().collect::<BTreeSet<_>>().len(), 24);
    let downloads: BTreeSet<String> = catalogue.packages.iter().map(Package::download_name).collect();
    assert_eq!(downloads.len(), catalogue.packages.len(), "two packages share a name in the downloads");
}

#[test]
fn the_committed_models_are_the_listed_ones() {
    for converted in Catalogue::read(&repo()).unwrap().converted {
        let found = digest::look(&repo().join(&converted.file), &converted.sha256).unwrap();
        assert_eq!(found, Found::Good, "{}", converted.file);
    }
}

#[test]
fn no_file_of_the_models_names_a_host() {
    for name in ["manifest.toml", "photos.toml", "NOTICE.md", "scripts/requirements.txt"] {
        let text = std::fs::read_to_string(repo().join("models").join(name)).unwrap();
        for sign in ["://", "www.", ".org", ".com", ".io/", ".net"] {
            assert!(!text.contains(sign), "{name} contains `{sign}`");
        }
    }
}

#[test]
fn the_notice_lists_every_model_and_font() {
    let notice = std::fs::read_to_string(repo().join("models/NOTICE.md")).unwrap();
    let catalogue = Catalogue::read(&repo()).unwrap();
    let fetched = catalogue.packages.iter().flat_map(|package| &package.files);
    let models = fetched.filter(|file| !file.to.starts_with("photos/")).map(|file| (&file.to, &file.sha256));
    let converted = catalogue.converted.iter().map(|converted| (&converted.to, &converted.sha256));
    for (to, sha256) in models.chain(converted) {
        let line = notice.lines().find(|line| line.contains(&format!("`{to}`")));
        assert!(line.is_some_and(|line| line.contains(&sha256.to_string())), "{to}");
    }
}

/// A catalogue of one package with one file, whose package lies in the downloads of a cache made here.
struct Fixture {
    _folder: tempfile::TempDir,
    place: Place,
    catalogue: Catalogue,
}

impl Fixture {
    fn new(pinned: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = Place { repo: folder.path().join("repo"), cache: folder.path().join("cache") };
        let archive = tar_gz(&[("package/model", b"weights")]);
        let package = Package {
            kind: Registry::Npm,
            name: "@made/here".to_owned(),
            version: "1.0.0".to_owned(),
            sha256: digest::of_bytes(&archive),
            bytes: archive.len() as u64,
            python_version: None,
            platforms: Vec::new(),
            sdist: false,
            host: None,
            licence: "MIT".to_owned(),
            files: vec![PackageFile {
                inner: "package/model".to_owned(),
                to: "models/model".to_owned(),
                sha256: digest::of_bytes(pinned),
                licence: "MIT".to_owned(),
                origin: "here".to_owned(),
                shows: None,
                needed_for: Need::Run,
                executable: false,
            }],
        };
        std::fs::create_dir_all(place.downloads()).unwrap();
        std::fs::write(place.downloads().join(package.download_name()), archive).unwrap();
        let quantised = Quantised {
            from: String::new(),
            to: String::new(),
            sha256: Digest::try_from("0".repeat(64)).unwrap(),
            script: String::new(),
            requirements: String::new(),
            photos: Vec::new(),
        };
        let demo = Demo { photos: Vec::new() };
        let catalogue = Catalogue { packages: vec![package], converted: Vec::new(), quantised, demo };
        Self { _folder: folder, place, catalogue }
    }

    fn model(&self) -> PathBuf {
        self.place.cached("models/model")
    }

    /// Installs what the plan says, without the network; how many jobs there were.
    fn install(&self) -> anyhow::Result<usize> {
        let plan = install::plan(&self.place, &self.catalogue, &[Need::Run])?;
        let mut steps = Steps::new(plan.jobs.len());
        for job in &plan.jobs {
            let step = steps.begin("a package made here", None);
            install::run(&self.place, job, Network::Offline, &step)?;
            step.done();
        }
        Ok(plan.jobs.len())
    }
}

#[test]
fn installing_takes_up_where_it_stopped() {
    let fixture = Fixture::new(b"weights");
    assert_eq!(fixture.install().unwrap(), 1);
    assert_eq!(std::fs::read(fixture.model()).unwrap(), b"weights");
    assert_eq!(fixture.install().unwrap(), 0, "what is right is left alone");

    std::fs::write(fixture.model(), b"wei").unwrap();
    assert_eq!(fixture.install().unwrap(), 1, "a file cut short is put right");
    assert_eq!(std::fs::read(fixture.model()).unwrap(), b"weights");
}

#[test]
fn another_need_is_not_planned() {
    let fixture = Fixture::new(b"weights");
    let plan = install::plan(&fixture.place, &fixture.catalogue, &[Need::Accuracy]).unwrap();
    assert!(plan.jobs.is_empty());
}

#[test]
fn a_wrong_file_is_not_installed() {
    let fixture = Fixture::new(b"other weights");
    let error = format!("{:#}", fixture.install().unwrap_err());
    for part in ["package/model of @made/here 1.0.0", "the manifest says", "was not installed"] {
        assert!(error.contains(part), "{error}");
    }
    assert!(!fixture.model().exists());
}

#[test]
fn without_a_network_a_damaged_download_is_thrown_away() {
    let fixture = Fixture::new(b"weights");
    let kept = fixture.place.downloads().join("npm-made-here-1.0.0.tgz");
    std::fs::write(&kept, b"damaged").unwrap();
    let error = format!("{:#}", fixture.install().unwrap_err());
    assert!(error.contains("never downloaded"), "{error}");
    assert!(error.contains("cargo xtask setup"), "{error}");
    assert!(!kept.exists(), "a damaged download is thrown away");
}
