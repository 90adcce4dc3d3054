//! What all pages share: the style sheet, the icon, the Content-Security-Policy that allows just that style sheet, and what counts as a link.

use base64::Engine;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// The one inline style sheet of the pages; `page.html` puts it in `<style>` byte for byte.
pub(super) const STYLE: &str = include_str!("style.css");

/// The tab's icon, a pair of lock gates.
pub(crate) const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='7' fill='%230b4f6c'/%3E%3Cpath d='M6 8l7 8-7 8M26 8l-7 8 7 8' fill='none' stroke='%23fff' stroke-width='3' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E";

static POLICY: LazyLock<String> = LazyLock::new(|| policy_for(STYLE));

/// The `Content-Security-Policy` of every page: nothing but the page's own style sheet (by its hash) and `data:` images.
pub fn content_security_policy() -> &'static str {
    &POLICY
}

/// The policy for a document whose only style sheet is `style`.
pub(crate) fn policy_for(style: &str) -> String {
    format!(
        "default-src 'none'; style-src {}; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        style_source(style)
    )
}

/// The CSP source expression of one inline style sheet, `'sha256-...'`.
pub(crate) fn style_source(style: &str) -> String {
    format!("'sha256-{}'", base64::engine::general_purpose::STANDARD.encode(Sha256::digest(style.as_bytes())))
}

/// The address if it may stand in an `href`: `http:` and `https:` only, so that a policy cannot smuggle in `javascript:`.
pub(crate) fn safe_link(address: &str) -> Option<&str> {
    let scheme = address.split_once("://").map(|(scheme, _)| scheme)?;
    (scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")).then_some(address)
}

/// How to reach someone: an address to show and, where it is one, the link behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Contact<'a> {
    pub shown: &'a str,
    pub link: Option<String>,
}

impl<'a> Contact<'a> {
    /// Reads a mail address, a telephone number or a web address; anything else is shown without a link.
    pub fn of(contact: &'a str) -> Self {
        let shown = contact.trim();
        let link = if let Some(link) = safe_link(shown) {
            Some(link.to_owned())
        } else if shown.contains('@') && !shown.contains(|c: char| c.is_whitespace() || c.is_control() || c == ':' || c == '?') {
            Some(format!("mailto:{shown}"))
        } else {
            let digits: String = shown.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
            let telephone = digits.len() >= 4 && shown.chars().all(|c| c.is_ascii_digit() || " +-()".contains(c));
            telephone.then(|| format!("tel:{digits}"))
        };
        Self { shown, link }
    }

    pub fn maybe(contact: Option<&'a str>) -> Option<Self> {
        contact.filter(|c| !c.trim().is_empty()).map(Self::of)
    }
}

/// The document of a template. Writing to memory does not fail; should a template ever refuse, the person still gets a sentence.
pub(crate) fn page(template: &impl askama::Template) -> String {
    template.render().unwrap_or_else(|error| {
        tracing::error!(%error, "a page could not be written");
        "<!doctype html><html lang=\"nl\"><title>Sluis</title><p>Deze pagina kan nu niet worden getoond. This page cannot be shown now.</p></html>"
            .to_owned()
    })
}
