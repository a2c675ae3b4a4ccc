//! The stacks that come with `shop`, and projects that put something over them.

use std::fs;
use std::path::PathBuf;

use super::{Stack, load_all};
use crate::config::Project;
use crate::error::Result;

/// A project directory that is removed at the end of the test.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("shop-stack-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(self, path: &str, text: &str) -> Self {
        let full = self.0.join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, text).unwrap();
        self
    }

    fn load(&self) -> Result<(Project, Stack)> {
        load_all(&self.0, &|_| None)
    }

    fn problems(&self) -> String {
        let failure = self.load().expect_err("it has problems");
        let lines = failure.file_problems().iter().map(|problem| {
            let at = problem.at.as_ref().map_or("-".to_owned(), |at| format!("{at}:{}", at.column));
            format!("{} {at} {} → {}\n", problem.code, problem.message, problem.fix)
        });
        lines.collect()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.0);
    }
}

fn project(name: &str, text: &str) -> Directory {
    Directory::new(name).file("shop.yaml", text)
}

#[test]
fn built_in_stacks_have_no_problems() {
    for (stack, lineage) in
        [("base", &["base"][..]), ("magento2", &["magento2", "base"]), ("sample", &["sample", "magento2", "base"])]
    {
        let directory = project(stack, &format!("name: demo\nstack: {stack}\n"));
        let (project, stack) = directory.load().unwrap_or_else(|_| panic!("{}", directory.problems()));
        assert_eq!(stack.lineage, lineage);
        assert_eq!(project.domains, ["demo.localhost"]);
        assert!(stack.images.values().all(|image| image.context.files.contains_key("Dockerfile")));
    }
}
