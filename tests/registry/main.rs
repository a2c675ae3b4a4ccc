//! The registry client against a registry of the test's own: HTTPS with an authority that the host
//! does not know, Basic and Bearer, redirects, and everything that can go wrong.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod fake;
mod finding;
mod proving;
mod troubles;
