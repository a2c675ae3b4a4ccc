//! Reads apt's sources in both of their formats and finds the Debian archive among them. Pure.

/// One archive that apt is told of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) uris: Vec<String>,
    pub(super) suites: Vec<String>,
    pub(super) components: Vec<String>,
    /// Paths of keyrings, or an armoured key itself.
    pub(super) signed_by: Option<String>,
}

/// Where the host gets Debian from, by suite and not by its own suite's name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Archives {
    /// Mirror of the suite itself.
    pub(super) main: String,
    /// Mirror of its updates.
    pub(super) updates: Option<String>,
    /// Mirror of its security updates.
    pub(super) security: Option<String>,
    /// What their signatures are checked with.
    pub(super) signed_by: Vec<String>,
}

impl Archives {
    /// The lines of a `sources.list` for another suite.
    pub(super) fn lines(&self, suite: &str) -> Vec<String> {
        let line = |uri: &str, pocket: &str| format!("deb {uri} {suite}{pocket} main");
        let pockets =
            [(Some(&self.main), ""), (self.updates.as_ref(), "-updates"), (self.security.as_ref(), "-security")];
        pockets.into_iter().filter_map(|(uri, pocket)| Some(line(uri?, pocket))).collect()
    }
}

/// Reads the one-line format.
pub(super) fn one_line(text: &str) -> Vec<Source> {
    let parse = |line: &str| {
        let line = line.split('#').next()?.trim().strip_prefix("deb")?;
        let line = line.starts_with(char::is_whitespace).then(|| line.trim())?;
        let (options, rest) = match line.strip_prefix('[') {
            Some(rest) => rest.split_once(']')?,
            None => ("", line),
        };
        let mut words = rest.split_whitespace().map(str::to_owned);
        let signed_by =
            options.split_whitespace().find_map(|option| option.strip_prefix("signed-by=")).map(str::to_owned);
        Some(Source { uris: vec![words.next()?], suites: vec![words.next()?], components: words.collect(), signed_by })
    };
    text.lines().filter_map(parse).collect()
}

/// Reads the deb822 format.
pub(super) fn deb822(text: &str) -> Vec<Source> {
    let mut sources = Vec::new();
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in text.lines().map(str::trim_end).chain([""]) {
        if line.starts_with('#') {
            continue;
        }
        if line.is_empty() {
            sources.extend(stanza(&std::mem::take(&mut fields)));
        } else if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push('\n');
                // A single dot stands for an empty line.
                value.push_str(line.trim().strip_prefix('.').filter(|rest| rest.is_empty()).unwrap_or(line.trim()));
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    sources
}

fn stanza(fields: &[(String, String)]) -> Option<Source> {
    let get = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let words =
        |wanted: &str| get(wanted).map_or_else(Vec::new, |text| text.split_whitespace().map(str::to_owned).collect());
    if get("enabled").is_some_and(|value| matches!(value.to_ascii_lowercase().as_str(), "no" | "false" | "0")) {
        return None;
    }
    words("types").iter().any(|kind| kind == "deb").then(|| Source {
        uris: words("uris"),
        suites: words("suites"),
        components: words("components"),
        signed_by: get("signed-by").map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()),
    })
}

/// Finds the Debian archive of a host that runs `codename`. Others use the same suite names: the
/// one that also has updates, that Debian's keys sign and that is called Debian is the archive.
pub(super) fn archives(sources: &[Source], codename: &str) -> Option<Archives> {
    let usable =
        |uri: &str| ["http://", "https://", "mirror://", "mirror+http"].iter().any(|scheme| uri.starts_with(scheme));
    let has = |pocket: &str, uri: Option<&str>| {
        let suites = [
            format!("{codename}{pocket}"),
            format!("stable{pocket}"),
            format!("{codename}/{}", &pocket.trim_start_matches('-')),
        ];
        sources.iter().find_map(|source| {
            let suite = source.suites.iter().any(|suite| suites.contains(suite));
            let main = source.components.iter().any(|component| component == "main");
            let found = source.uris.iter().find(|found| usable(found) && uri.is_none_or(|uri| uri == found.as_str()));
            (suite && main).then_some((found?, source))
        })
    };
    let score = |source: &Source, uri: &str| {
        let debians = source.signed_by.as_deref().is_none_or(|by| by.contains("debian-archive"));
        2 * i32::from(has("-updates", Some(uri)).is_some())
            + 2 * i32::from(debians)
            + i32::from(uri.trim_end_matches('/').ends_with("debian"))
    };
    let candidates = sources.iter().flat_map(|source| source.uris.iter().map(move |uri| (source, uri)));
    let (source, main) = candidates
        .filter(|(source, uri)| {
            usable(uri)
                && source.suites.iter().any(|suite| suite == codename || suite == "stable")
                && source.components.iter().any(|component| component == "main")
        })
        // The first of equals: the order is the administrator's.
        .rev_max_by_key(|(source, uri)| score(source, uri))?;
    let updates = has("-updates", None);
    let security = has("-security", None).or_else(|| has("/updates", None));
    let mut signed_by: Vec<String> =
        [Some(source), updates.map(|(_, source)| source), security.map(|(_, source)| source)]
            .into_iter()
            .flatten()
            .filter_map(|source| source.signed_by.clone())
            .collect();
    signed_by.dedup();
    Some(Archives {
        main: main.clone(),
        updates: updates.map(|(uri, _)| uri.clone()),
        security: security.map(|(uri, _)| uri.clone()),
        signed_by,
    })
}

/// The first of the greatest, where the standard library gives the last.
trait FirstMax: Iterator + Sized {
    fn rev_max_by_key<K: Ord>(self, key: impl Fn(&Self::Item) -> K) -> Option<Self::Item> {
        self.fold(None, |best: Option<(K, Self::Item)>, item| {
            let rank = key(&item);
            match best {
                Some((known, best)) if known >= rank => Some((known, best)),
                _ => Some((rank, item)),
            }
        })
        .map(|(_, item)| item)
    }
}

impl<I: Iterator> FirstMax for I {}

#[cfg(test)]
mod tests {
    use super::*;

    const DEB822: &str = "\
# comment
Types: deb deb-src
URIs: https://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: https://mirror.example/debian-security
Suites: bookworm-security
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc
 -----END PGP PUBLIC KEY BLOCK-----

Types: deb
Enabled: no
URIs: http://off.example/debian
Suites: bookworm
Components: main
";

    #[test]
    fn deb822_with_an_inline_key() {
        let sources = deb822(DEB822);
        assert_eq!(sources.len(), 2);
        assert_eq!(sources[0].suites, ["bookworm", "bookworm-updates"]);
        assert!(sources[1].signed_by.as_ref().unwrap().contains("BLOCK-----\n\nabc"));
        let archives = archives(&sources, "bookworm").unwrap();
        assert_eq!(
            archives.lines("trixie"),
            [
                "deb https://mirror.example/debian trixie main",
                "deb https://mirror.example/debian trixie-updates main",
                "deb https://mirror.example/debian-security trixie-security main",
            ]
        );
        assert_eq!(archives.signed_by.len(), 2);
    }

    #[test]
    fn one_line_among_other_repositories() {
        let sources = one_line(
            "deb [arch=amd64 signed-by=/usr/share/keyrings/other.gpg] https://packages.example/php bookworm main\n\
             # deb http://commented.example/debian bookworm main\n\
             deb-src http://sources.example/debian bookworm main\n\
             deb http://deb.example/debian bookworm main # the archive\n\
             deb http://deb.example/debian bookworm-updates main\n\
             deb cdrom:[Debian] bookworm main\n",
        );
        let archives = archives(&sources, "bookworm").unwrap();
        assert_eq!(
            archives.lines("trixie"),
            ["deb http://deb.example/debian trixie main", "deb http://deb.example/debian trixie-updates main"]
        );
        assert!(archives.signed_by.is_empty());
    }

    #[test]
    fn a_host_that_is_no_debian_has_none() {
        let sources = one_line("deb http://archive.ubuntu.example/ubuntu noble main");
        assert_eq!(archives(&sources, "noble-not"), None);
    }
}
