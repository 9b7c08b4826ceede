//! The page on the architecture: what it names is there.

use std::path::Path;

use crate::workspace::root;

/// The texts between backticks in a line.
fn quoted(line: &str) -> Vec<&str> {
    line.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_file_and_function_that_the_page_names_is_there() {
    let root = root();
    let page = std::fs::read_to_string(root.join("docs/architecture.md")).unwrap();
    let (mut files, mut functions) = (0, 0);
    for line in page.lines().filter(|line| line.starts_with("| ")) {
        let names = quoted(line);
        for file in names.iter().filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "rs")) {
            let text = std::fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
            files += 1;
            for function in names.iter().filter(|name| name.starts_with("fn ")) {
                let is_there =
                    [format!("{function}("), format!("{function}<")].iter().any(|start| text.contains(start));
                assert!(is_there, "`{function}` is not in {file}");
                functions += 1;
            }
        }
    }
    assert!(files >= 30 && functions == 20, "{files} files, {functions} functions");
}
