//! Choosing images, as a table of what is asked for, what is locked and what registries say.

use super::*;

const AMD64: &str = "linux/amd64";
const ARM64: &str = "linux/arm64";

fn digest(digit: char) -> String {
    format!("sha256:{}", digit.to_string().repeat(64))
}

fn reference(text: &str) -> Reference {
    Reference::parse(text).unwrap()
}

fn production() -> Reference {
    reference("r.example.com/shop/php:8.4")
}

fn published() -> Reference {
    reference("r.example.com/shop/php:in-key")
}

fn public() -> Reference {
    reference("php:8.4-fpm")
}

/// An image that production has.
fn wish() -> Wish {
    Wish {
        name: "php".into(),
        key: "key".into(),
        keys: ["key".to_owned(), "key-on-arm".to_owned()].into(),
        base: "debian:trixie-slim".into(),
        production: Some(production()),
        published: Some(published()),
        public: None,
        buildable: true,
    }
}

fn served(digit: char) -> Served {
    Served {
        digest: digest(digit),
        platforms: [(AMD64.to_owned(), digest('1')), (ARM64.to_owned(), digest('2'))].into(),
    }
}

fn locked(source: Origin, from: &Reference, digit: char) -> LockedImage {
    LockedImage {
        key: "key".into(),
        base: "debian:trixie-slim".into(),
        source,
        reference: Some(from.to_string()),
        digest: Some(digest(digit)),
        platforms: served(digit).platforms,
        instead_of: None,
    }
}

fn built(instead_of: Option<&Reference>) -> LockedImage {
    LockedImage {
        key: "key".into(),
        base: "debian:trixie-slim".into(),
        instead_of: instead_of.map(Reference::to_string),
        ..LockedImage::default()
    }
}

fn answers(all: &[(Reference, Answer)]) -> Answers {
    all.iter().cloned().collect()
}

fn found(digit: char) -> Answer {
    Answer::Found(served(digit))
}

const FALLBACK: Rules = Rules { allow_fallback: true, fresh: false, offline: false };

#[test]
fn production_comes_first_and_is_asked_once() {
    let (wish, rules) = (wish(), Rules::default());
    assert_eq!(wish.decide(None, false, &Answers::new(), rules), Step::Ask(production()));
    let taken = locked(Origin::Production, &production(), 'a');
    let answers = answers(&[(production(), found('a'))]);
    assert_eq!(wish.decide(None, false, &answers, rules), Step::Take(taken.clone()));
    // From then on nobody is asked, whether it is here or not.
    for present in [false, true] {
        assert_eq!(wish.decide(Some(&taken), present, &Answers::new(), rules), Step::Take(taken.clone()));
    }
}

#[test]
fn a_registry_that_is_set_is_never_silently_replaced() {
    let (wish, rules) = (wish(), Rules::default());
    for answers in [
        answers(&[(production(), Answer::Failed)]),
        answers(&[(production(), Answer::Missing), (published(), Answer::Missing)]),
        answers(&[(production(), Answer::Missing), (published(), Answer::Failed)]),
    ] {
        assert_eq!(wish.decide(None, false, &answers, rules), Step::Refuse(production()));
    }
    let down = answers(&[(production(), Answer::Failed), (published(), Answer::Failed)]);
    let taken = built(Some(&production()));
    assert_eq!(wish.decide(None, false, &down, FALLBACK), Step::Take(taken.clone()));
    assert!(stands_in(&taken, &wish));
    // What was allowed once is kept, until `update`.
    assert_eq!(wish.decide(Some(&taken), true, &Answers::new(), rules), Step::Take(taken.clone()));
    let fresh = Rules { fresh: true, ..rules };
    assert_eq!(wish.decide(Some(&taken), true, &Answers::new(), fresh), Step::Ask(production()));
    assert_eq!(wish.decide(Some(&taken), true, &down, fresh), Step::Refuse(production()));
}

#[test]
fn what_was_published_for_the_same_inputs_stands_for_a_missing_tag() {
    let (wish, rules) = (wish(), Rules::default());
    let missing = answers(&[(production(), Answer::Missing)]);
    assert_eq!(wish.decide(None, false, &missing, rules), Step::Ask(published()));
    let answers = answers(&[(production(), Answer::Missing), (published(), found('b'))]);
    let taken = locked(Origin::Published, &published(), 'b');
    assert_eq!(wish.decide(None, false, &answers, rules), Step::Take(taken.clone()));
    assert!(!stands_in(&taken, &wish));
    // Other inputs need another image.
    let changed = Wish { key: "other".into(), keys: ["other".to_owned()].into(), ..wish };
    assert_eq!(changed.decide(Some(&taken), true, &Answers::new(), rules), Step::Ask(production()));
}

#[test]
fn a_locked_digest_gives_way_only_when_that_is_allowed() {
    let wish = wish();
    let taken = locked(Origin::Production, &production(), 'a');
    let exact = production().with_digest(&digest('a'));
    assert_eq!(wish.decide(Some(&taken), false, &Answers::new(), FALLBACK), Step::Ask(exact.clone()));
    assert_eq!(wish.decide(Some(&taken), true, &Answers::new(), FALLBACK), Step::Take(taken.clone()));
    let up = answers(&[(exact.clone(), found('a'))]);
    assert_eq!(wish.decide(Some(&taken), false, &up, FALLBACK), Step::Take(taken.clone()));
    let down = answers(&[(exact, Answer::Failed)]);
    let Step::Take(stand_in) = wish.decide(Some(&taken), false, &down, FALLBACK) else { panic!("something is taken") };
    assert_eq!((stand_in.source, &stand_in.instead_of), (Origin::Build, &Some(production().to_string())));
    assert_eq!(stand_in.digest, taken.digest, "the way back is kept");
    assert_eq!(source(&stand_in, AMD64), Some(Source::Build));
}

#[test]
fn a_build_asks_first_whether_somebody_did_it() {
    let (wish, rules) = (Wish { production: None, ..wish() }, Rules::default());
    assert_eq!(wish.decide(None, false, &Answers::new(), rules), Step::Ask(published()));
    for answer in [Answer::Missing, Answer::Failed] {
        let answers = answers(&[(published(), answer)]);
        assert_eq!(wish.decide(None, false, &answers, rules), Step::Take(built(None)));
        assert_eq!(wish.decide(Some(&built(None)), false, &answers, rules), Step::Take(built(None)));
    }
    // It is asked again when it would have to be built again, and not while it is here.
    assert_eq!(wish.decide(Some(&built(None)), false, &Answers::new(), rules), Step::Ask(published()));
    assert_eq!(wish.decide(Some(&built(None)), true, &Answers::new(), rules), Step::Take(built(None)));
    let taken = locked(Origin::Published, &published(), 'c');
    let answers = answers(&[(published(), found('c'))]);
    assert_eq!(wish.decide(Some(&built(None)), false, &answers, rules), Step::Take(taken));
}

#[test]
fn a_public_image_is_taken_where_there_is_none_of_productions() {
    let rules = Rules::default();
    let wish = Wish { production: None, published: None, public: Some(public()), ..wish() };
    assert_eq!(wish.decide(None, false, &Answers::new(), rules), Step::Ask(public()));
    let taken = locked(Origin::Public, &public(), 'd');
    assert_eq!(wish.decide(None, false, &answers(&[(public(), found('d'))]), rules), Step::Take(taken));
    // Not to be had: it is built, if it can be.
    let down = answers(&[(public(), Answer::Failed)]);
    let stand_in = built(Some(&public()));
    assert_eq!(wish.decide(None, false, &down, rules), Step::Take(stand_in.clone()));
    assert!(!stands_in(&stand_in, &wish), "nothing of production's is missing");
    let fixed = Wish { buildable: false, ..wish };
    assert_eq!(fixed.decide(None, false, &down, FALLBACK), Step::Refuse(public()));
}

#[test]
fn another_wish_opens_the_lock() {
    let rules = Rules::default();
    let taken = locked(Origin::Production, &production(), 'a');
    let other = reference("r.example.com/shop/php:8.5");
    let moved = Wish { production: Some(other.clone()), ..wish() };
    assert_eq!(moved.decide(Some(&taken), true, &Answers::new(), rules), Step::Ask(other));
    let none = Wish { production: None, published: None, ..wish() };
    assert_eq!(none.decide(Some(&taken), true, &Answers::new(), rules), Step::Take(built(None)));
    // A registry that is named later is taken, although something was built before.
    assert_eq!(wish().decide(Some(&built(None)), true, &Answers::new(), rules), Step::Ask(production()));
}

#[test]
fn a_lock_that_was_written_on_another_platform_holds() {
    let (wish, rules) = (Wish { production: None, published: None, ..wish() }, Rules::default());
    let theirs = LockedImage { key: "key-on-arm".into(), ..built(None) };
    assert_eq!(wish.decide(Some(&theirs), false, &Answers::new(), rules), Step::Take(theirs));
}

#[test]
fn offline_nobody_is_asked_about_what_is_settled() {
    let offline = Rules { offline: true, ..Rules::default() };
    let wish = Wish { production: None, ..wish() };
    assert_eq!(wish.decide(Some(&built(None)), false, &Answers::new(), offline), Step::Take(built(None)));
}

#[test]
fn a_foreign_platform_is_emulated_and_announced() {
    let mut entry = locked(Origin::Production, &production(), 'a');
    let own = source(&entry, "linux/arm64/v8").unwrap();
    assert!(matches!(&own, Source::Pull(pull) if pull.platform == ARM64 && pull.manifest == digest('2')));
    assert_eq!(emulation("php", &own, ARM64), None);
    // The index has nothing for this engine: what it has is emulated, and that costs.
    entry.platforms.remove(ARM64);
    let foreign = source(&entry, "linux/aarch64").unwrap();
    let Source::Pull(pull) = &foreign else { panic!("it is pulled") };
    assert_eq!((pull.digest.as_str(), pull.manifest.as_str()), (digest('a').as_str(), digest('1').as_str()));
    assert_eq!(pull.platform, AMD64);
    let said = emulation("php", &foreign, ARM64).unwrap();
    assert!(said.contains("linux/amd64") && said.contains("emulated") && said.contains("five to ten times"), "{said}");
    entry.platforms = [("windows/amd64".to_owned(), digest('3'))].into();
    assert_eq!(source(&entry, AMD64), None, "another system cannot be emulated");
}

#[test]
fn tags_name_what_they_stand_for() {
    let entry = locked(Origin::Production, &production(), 'a');
    let pull = source(&entry, AMD64).unwrap();
    assert_eq!(local_tag("php", "key", &pull), "shopkeeper/php:at-1111111111111111");
    assert_eq!(local_tag("php", "key", &Source::Build), "shopkeeper/php:in-key");
}
