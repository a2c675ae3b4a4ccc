//! Values that must never be seen: masked in `Debug`, absent from `Display` and serde.

use std::fmt;

/// A secret value. Only [`Secret::expose`] gives it out.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a value read from somewhere.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// Makes a random value of `length` letters and digits with at least one of each, which is what
    /// Magento asks of an admin password. Look-alikes (0 O 1 l I) are left out: people retype these.
    ///
    /// # Errors
    /// The operating system's random source failed.
    pub fn generate(length: usize) -> Result<Self, getrandom::Error> {
        const LETTERS: &[u8] = b"abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ";
        const DIGITS: &[u8] = b"23456789";
        let alphabet: Vec<u8> = [LETTERS, DIGITS].concat();
        loop {
            let value = (0..length).map(|_| pick(&alphabet)).collect::<Result<String, _>>()?;
            let has = |set: &[u8]| value.bytes().any(|byte| set.contains(&byte));
            if has(LETTERS) && has(DIGITS) {
                return Ok(Self(value));
            }
        }
    }

    /// Makes `bytes` random bytes in lower-case hexadecimal, for keys read by programs.
    ///
    /// # Errors
    /// The operating system's random source failed.
    pub fn generate_hex(bytes: usize) -> Result<Self, getrandom::Error> {
        let mut buffer = vec![0; bytes];
        getrandom::fill(&mut buffer)?;
        Ok(Self(crate::text::hex(&buffer)))
    }

    /// Gives the value out, to be written where it is needed.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Characters below which a value is a word like any other, and is no secret.
const SHORTEST: usize = 8;

/// `text` with every secret in it replaced, and whatever stands before the `@` of a URL.
pub fn mask(text: &str, secrets: &[String]) -> String {
    let mut secrets: Vec<&str> = secrets.iter().map(|secret| secret.trim()).collect();
    // One that holds another goes first, or else the rest of it would stay.
    secrets.sort_unstable_by_key(|secret| std::cmp::Reverse(secret.len()));
    let mut text = text.to_owned();
    for secret in secrets.into_iter().filter(|secret| secret.len() >= SHORTEST) {
        text = text.replace(secret, MASK);
    }
    without_users(&text)
}

/// What stands where a secret was.
const MASK: &str = "***";

fn without_users(text: &str) -> String {
    let mut parts = text.split("://");
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let host = part.find(|c: char| c.is_whitespace() || "/?#\"'".contains(c)).unwrap_or(part.len());
        let kept = part[..host].rfind('@').map_or(part.to_owned(), |at| [MASK, &part[at..]].concat());
        result += &["://", &kept].concat();
    }
    result
}

/// Picks one byte without bias: values beyond the largest multiple of the alphabet are thrown away.
fn pick(alphabet: &[u8]) -> Result<char, getrandom::Error> {
    let limit = 256 - 256 % alphabet.len();
    loop {
        let mut byte = [0];
        getrandom::fill(&mut byte)?;
        let value = usize::from(byte[0]);
        if value < limit {
            return Ok(char::from(alphabet[value % alphabet.len()]));
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "Secret(…)");
    }

    #[test]
    fn secrets_and_users_are_masked() {
        let secrets = ["hunter2hunter2".to_owned(), "hunter2hunter2-long".to_owned(), "short".to_owned()];
        assert_eq!(mask("a hunter2hunter2-long b hunter2hunter2 short", &secrets), "a *** b *** short");
        assert_eq!(
            mask("https://me:pw@repo.example.com/x?y tcp://h:1", &[]),
            "https://***@repo.example.com/x?y tcp://h:1"
        );
        assert_eq!(mask("http://a/ me@example.com", &[]), "http://a/ me@example.com");
    }

    #[test]
    fn generated_values_have_letters_and_digits() {
        let value = Secret::generate(16).unwrap();
        assert_eq!(value.expose().len(), 16);
        assert!(value.expose().bytes().any(|byte| byte.is_ascii_digit()));
        assert!(value.expose().bytes().any(|byte| byte.is_ascii_alphabetic()));
        assert_ne!(value, Secret::generate(16).unwrap());
    }
}
