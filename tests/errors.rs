//! `docs/errors.md` explains exactly the codes that there are.

use shopkeeper::error::Code;

const DOCUMENT: &str = include_str!("../docs/errors.md");

#[test]
fn every_code_has_its_section_and_no_other_is_there() {
    let sections: Vec<&str> = DOCUMENT.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let expected: Vec<String> =
        Code::ALL.iter().map(|code| format!("{code} {}", code.title().trim().trim_end_matches('.'))).collect();
    assert_eq!(sections, expected);
}

#[test]
fn every_section_has_the_anchor_that_errors_name() {
    for code in Code::ALL {
        let anchor = format!("<a id=\"{}\"></a>\n## {code} ", code.id().to_ascii_lowercase());
        assert!(DOCUMENT.contains(&anchor), "{code}");
    }
}

#[test]
fn examples_are_of_the_section_they_stand_in() {
    let mut section = "";
    for line in DOCUMENT.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            section = title.split(' ').next().unwrap_or_default();
        } else if let Some(example) = line.strip_prefix("error[") {
            assert!(example.starts_with(section), "{line} in the section of {section}");
        }
    }
}
