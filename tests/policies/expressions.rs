//! The verdicts that `tests/api` finds the API server to give, without one.

use hardtack::load;

use crate::case::{cases, folder, taken, today, verdicts};

#[test]
fn expressions_are_judged_as_the_server_was_seen_to_judge() {
    let cases = taken();
    let said = verdicts(&cases).expect("all policies can be read");
    let mut judged = 0;
    for case in cases.iter().filter(|case| case.differs.is_none() && !case.mixed) {
        for (name, passes, _) in case.objects() {
            let own = said.get(&(case.name.clone(), name.clone()));
            assert_eq!(own.is_none(), passes, "{name}: {own:?}");
            judged += 1;
        }
    }
    assert!(judged > 400, "{judged}");
}

#[test]
fn what_the_server_was_seen_to_refuse_is_refused() {
    for case in cases("refused.yaml") {
        let (_folder, file) = folder(&case.documents()).expect("a folder for the policy");
        let error = load::load_file(&file, None, today()).err();
        assert_eq!(error.is_some(), case.differs.is_none() || case.ours, "{}: {error:?}", case.name);
    }
}
