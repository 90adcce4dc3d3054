//! Which language a person reads: Dutch or English, from `?lang=`, else `Accept-Language`, else the organisation's first language.
//!
//! Takes header and query text as it came, in any state; never fails.

/// A language that Sluis speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lang {
    Nl,
    En,
}

impl Lang {
    /// The language for a tag such as `nl`, `nl-BE` or `EN`; none for a language that Sluis does not speak.
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or("");
        if primary.eq_ignore_ascii_case("nl") {
            Some(Self::Nl)
        } else if primary.eq_ignore_ascii_case("en") {
            Some(Self::En)
        } else {
            None
        }
    }

    /// The best match of `Accept-Language` (RFC 9110 section 12.5.4) among the organisation's `languages`, the first of which is the
    /// default. Where the organisation names none, both are offered and Dutch is the default.
    pub fn choose(accept_language: Option<&str>, languages: &[String]) -> Self {
        let mut offered: Vec<Self> = languages.iter().filter_map(|tag| Self::parse(tag)).collect();
        if offered.is_empty() {
            offered = vec![Self::Nl, Self::En];
        }
        let mut best: Option<(f32, Self)> = None;
        for range in accept_language.unwrap_or("").split(',') {
            let mut pieces = range.split(';');
            let Some(lang) = pieces.next().and_then(Self::parse) else { continue };
            let weight = pieces.find_map(|p| p.trim().strip_prefix("q=")).map_or(1.0, |q| q.trim().parse().unwrap_or(0.0));
            // The first of equals wins, as the reader listed them.
            if offered.contains(&lang) && weight > 0.0 && best.is_none_or(|(top, _)| weight > top) {
                best = Some((weight, lang));
            }
        }
        best.map_or_else(|| offered.first().copied().unwrap_or(Self::Nl), |(_, lang)| lang)
    }

    /// As [`Lang::choose`], but a `lang=` in the query string wins: the language switch of the pages on `sluis.internal` and of the console.
    pub fn of_request(query: Option<&str>, accept_language: Option<&str>, languages: &[String]) -> Self {
        form_urlencoded::parse(query.unwrap_or("").as_bytes())
            .find(|(key, _)| key == "lang")
            .and_then(|(_, value)| Self::parse(&value))
            .unwrap_or_else(|| Self::choose(accept_language, languages))
    }

    /// The value of the `lang` attribute.
    pub fn code(self) -> &'static str {
        self.pick("nl", "en")
    }

    /// The language's own name.
    pub fn name(self) -> &'static str {
        self.pick("Nederlands", "English")
    }

    /// The other language of the two.
    pub fn other(self) -> Self {
        match self {
            Self::Nl => Self::En,
            Self::En => Self::Nl,
        }
    }

    /// The text in this language. Templates write both languages side by side with it.
    pub fn pick<'a>(self, nl: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Nl => nl,
            Self::En => en,
        }
    }
}
