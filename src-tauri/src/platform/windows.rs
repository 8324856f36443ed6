//! Windows: WebView2 needs nothing said. Not tried.

/// Before anything else.
pub(crate) fn prepare() {}
