//! Real vals on the same texts: where it finds a reference, hardtack finds the same one and the same value.

use libtest_mimic::Trial;

use crate::support::tools;
use crate::world::World;

pub fn trials() -> Vec<Trial> {
    let test = || {
        the_same_values();
        what_is_stricter();
        Ok(())
    };
    // Its module takes a quarter of an hour to build: it is used where somebody has it.
    let absent = tools::find("vals").err().map(|_| "no vals in target/tools/bin".to_owned());
    vec![tools::optional(absent, "vals_oracle::the_same_values", test)]
}

fn world() -> World {
    let mut world = World::new();
    world.sandbox.write("policy/files/db.yaml", "a: {b: inner, n: 7}\ntext: some text\n");
    world.set("SHOP_USER", "someone");
    world.policy = ", files: [files], environment: [SHOP_*]".to_owned();
    world
}

/// What vals makes of a text, or `None` where it fails.
fn by_vals(world: &World, text: &str) -> Option<String> {
    let input = serde_json::json!({"v": text}).to_string();
    let call = world
        .sandbox
        .call("vals")
        .args(["eval", "-o", "json", "-f", "-"])
        .within(world.sandbox.path("work/policy"));
    let ran = call.env("SHOP_USER", "someone").stdin(input).run();
    let output: Option<serde_json::Value> = serde_json::from_str(&ran.stdout).ok();
    let value = output.filter(|_| ran.code == 0)?.get("v")?.clone();
    Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

fn the_same_values() {
    let world = world();
    for text in [
        "plain",
        "ref+",
        "ref+ x",
        "ref+echo:/a",
        "href+x",
        "ref+echo://",
        "reference: ref",
        "a+b://c",
        "ref+echo://ab",
        "ref+echo://ab+",
        "ref+echo://ab+c",
        "xref+echo://ab+y",
        "ref+echo://ab, c",
        "ref+echo://ab c",
        "secretref+echo://ab",
        "secretref+echo://ab+ ref+echo://cd",
        "u=ref+echo://ab+&p=ref+echo://cd+!",
        "ref+echo://ab\nref+echo://cd\n",
        "ref+echo://ab/cd/ef#/ab/cd",
        "ref+echo://a%20b/c",
        "ref+echo://a/b/",
        "ref+echo:///ab",
        "\"ref+echo://ab\"",
        "ref+echo://ab;",
        "ref+echo://(ab)",
        "ref+envsubst://$SHOP_USER",
        "a-ref+envsubst://$SHOP_USER+-b",
        "ref+envsubst://x-$SHOP_USER",
        "ref+file://files/db.yaml#/a/b",
        "ref+file://files/db.yaml#/a/n",
        "ref+file://./files/db.yaml#/text",
        "ref+file://files/db.yaml",
        "ref+echo://ref+envsubst://$SHOP_USER+/x",
        "ref+echo://aa/ref+envsubst://$SHOP_USER",
        "ref+file://files/ref+echo://db.yaml+#/a/b",
        "ref+echo://ab+ref+echo://cd",
        "ref+echo://ab?x#y",
        "REF+echo://ab",
        "ref+echo://ä/ö",
    ] {
        let expected = by_vals(&world, text);
        let ran = world.run(&crate::world::secret(text));
        let own = (ran.code == 0).then(|| crate::world::string(&ran.stdout, "stringData.v"));
        // Parameters that a backend does not know are errors here, and passed over there.
        if text.contains("?x") {
            assert_eq!(own, None, "{text}");
            continue;
        }
        assert_eq!(own, expected, "{text}: {}", ran.stderr);
    }
}

/// Where hardtack is stricter on purpose, and vals goes on in silence.
fn what_is_stricter() {
    let world = world();
    // vals leaves a path of one letter as it is, and an absent variable or key makes an empty value.
    assert_eq!(by_vals(&world, "ref+echo://a").as_deref(), Some("ref+echo://a"));
    assert_eq!(world.value("ref+echo://a"), "a");
    assert_eq!(by_vals(&world, "x=ref+envsubst://$SHOP_NONE").as_deref(), Some("x="));
    world.refused("x=ref+envsubst://$SHOP_NONE");
    // Its references run over quotes.
    assert_eq!(
        by_vals(&world, "{\"a\":\"ref+echo://ab\",\"b\":1}").as_deref(),
        Some("{\"a\":\"ab\",\"b\":1}")
    );
    assert_eq!(world.value("{\"a\":\"ref+echo://ab\",\"b\":1}"), "{\"a\":\"ab\",\"b\":1}");
}
