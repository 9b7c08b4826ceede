//! What the guides show is what was compiled, and what was printed.

use std::fs;

use crate::examples::output;
use crate::workspace::{Published, manifests, root};

const GUIDE: &str = include_str!("../../../docs/guide.md");
const README: &str = include_str!("../../../README.md");

/// The blocks of code in this language.
fn blocks<'g>(guide: &'g str, language: &str) -> Vec<&'g str> {
    let begin = format!("\n```{language}\n");
    let blocks = guide.split(&begin).skip(1);
    blocks.map(|rest| rest.split_once("```\n").expect("a block that ends").0).collect()
}

#[test]
fn the_rust_of_the_guide_is_the_example_to_the_letter() {
    assert_eq!(blocks(GUIDE, "rust").join("\n"), include_str!("../../guide.rs"));
}

#[test]
fn what_the_guide_shows_of_another_example_stands_in_it() {
    let [shown] = blocks(GUIDE, "rust,ignore")[..] else { panic!("one block") };
    assert!(include_str!("../../tenants.rs").contains(shown), "{shown}");
}

#[test]
fn the_dependencies_of_the_readme_are_those_of_its_program() {
    let [dependencies] = blocks(README, "toml")[..] else { panic!("one block") };
    let compiled = include_str!("../../../proofs/fixtures/quick-start/Cargo.toml");
    let (_, compiled) = compiled.split_once("[dependencies]").unwrap();
    let shown = dependencies.replace(" # not published yet", "").replace("…/", "../../../");
    assert_eq!(shown, format!("[dependencies]{compiled}"));
}

/// The texts in quotes behind `key` in a line of TOML.
fn values<'l>(line: &'l str, key: &str) -> Vec<&'l str> {
    let behind = line.split_once(&format!("{key} = ")).map_or("", |(_, behind)| behind);
    let end = if behind.starts_with('[') { ']' } else { ',' };
    behind.split(end).next().unwrap_or_default().split('"').skip(1).step_by(2).collect()
}

#[test]
fn what_guide_and_readme_depend_on_is_there_with_the_features_that_they_name() {
    let root = root();
    let workspace = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let blocks = blocks(GUIDE, "toml").into_iter().chain(blocks(README, "toml"));
    let mut crates = 0;
    for (name, line) in blocks.flat_map(str::lines).filter_map(|line| Some((line.split_once(" = ")?.0, line))) {
        crates += 1;
        let Some(path) = values(line, "path").first().copied() else {
            let version = values(line, name)[0];
            let used = workspace.lines().find(|known| known.starts_with(&format!("{name} = "))).expect(name);
            assert!(
                used.contains(&format!("\"{version}.")) || used.contains(&format!("\"{version}\"")),
                "{line}: {used}"
            );
            continue;
        };
        let manifest = fs::read_to_string(root.join(path.trim_start_matches("…/")).join("Cargo.toml")).expect(line);
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{line}");
        for feature in values(line, "features") {
            assert!(manifest.lines().any(|line| line.starts_with(&format!("{feature} = ["))), "{line}: {feature}");
        }
    }
    assert_eq!(crates, 8);
}

#[test]
fn what_the_guide_says_is_printed_is_printed() {
    let variables: [&[(&str, &str)]; 2] = [&[], &[("ANALYTICS_BACKEND", "log")]];
    let shown = blocks(GUIDE, "text");
    assert_eq!(shown.len(), variables.len());
    for (shown, variables) in shown.iter().zip(variables) {
        assert_eq!(masked(shown), masked(&output("guide", variables)));
    }
}

/// The text without what differs from run to run: each photo's number.
fn masked(text: &str) -> String {
    let mut parts = text.split("photo-");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |masked, part| masked + "photo-…" + part.trim_start_matches(|digit: char| digit.is_ascii_digit()))
}

#[test]
fn every_crate_that_is_published_has_a_readme_of_its_own() {
    for Published { name, folder, .. } in Published::all() {
        let readme = fs::read_to_string(folder.join("README.md")).unwrap_or_else(|_| panic!("{name} has no README.md"));
        assert!(readme.starts_with(&format!("# {name}\n")), "{name}");
    }
}

#[test]
fn docs_rs_shows_all_of_a_crate_and_the_features_that_it_needs() {
    for published in Published::all() {
        let docs = "[package.metadata.docs.rs]\nall-features = true\nrustdoc-args = [\"--cfg\", \"docsrs\"]\n";
        assert!(published.manifest.contains(docs), "{}", published.name);
        if let Some(library) = published.library() {
            let root = fs::read_to_string(library).unwrap();
            assert!(root.contains("\n#![cfg_attr(docsrs, feature(doc_cfg))]\n"), "{}", published.name);
        }
    }
}

#[test]
fn guides_and_readmes_link_to_what_is_there() {
    let guides = fs::read_dir(root().join("docs")).unwrap().map(|file| file.unwrap().path());
    let guides = guides.filter(|file| file.extension().is_some_and(|extension| extension == "md"));
    let readmes = manifests().into_iter().map(|(folder, _)| folder.join("README.md")).filter(|readme| readme.exists());
    let mut links = 0;
    for file in guides.chain(readmes) {
        let text = fs::read_to_string(&file).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            // What others publish is not looked up: a test needs no network. An empty one is a place on the page.
            if link.is_empty() || link.starts_with("https://") {
                continue;
            }
            assert!(file.parent().unwrap().join(link).exists(), "{}: {link}", file.display());
            links += 1;
        }
    }
    assert!(links > 30);
}
