//! Code that must not compile, and the words with which it is refused.

#[test]
fn what_is_refused_names_its_fix() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
