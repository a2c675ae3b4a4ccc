//! Builds: the stream of the classic builder, step by step.

use serde_json::{Value, json};

use super::archive::unpack;
use super::request::{Reply, Request};
use super::state::{Files, State, map};

impl State {
    pub(super) fn build(&mut self, request: &Request) -> Reply {
        let mut files = Files::new();
        unpack(&request.body, "", &mut files);
        let Some(dockerfile) = files.get("Dockerfile") else {
            return Reply::error(500, "Cannot locate specified Dockerfile: Dockerfile");
        };
        let dockerfile = String::from_utf8_lossy(&dockerfile.content).replace("\\\n", " ");
        let arguments = map(&serde_json::from_str(request.query("buildargs")).unwrap_or(Value::Null));
        let mut labels = map(&serde_json::from_str(request.query("labels")).unwrap_or(Value::Null));
        let steps: Vec<&str> =
            dockerfile.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        let mut lines = Vec::new();
        let mut stream = |text: String| lines.push(json!({ "stream": text }));
        let base = arguments.get("BASE").cloned().unwrap_or_default();
        let parent = match self.image(&base) {
            Some(image) => image.id.clone(),
            None => return Reply::error(404, format!("pull access denied for {base}, repository does not exist")),
        };
        for (index, step) in steps.iter().enumerate() {
            stream(format!("Step {}/{} : {step}", index + 1, steps.len()));
            stream("\n".to_owned());
            if let Some((key, value)) = step.strip_prefix("LABEL ").and_then(|label| label.split_once('=')) {
                labels.insert(key.to_owned(), value.trim_matches('"').to_owned());
            }
            if let Some(command) = step.strip_prefix("RUN ").filter(|command| command.starts_with("echo"))
                && let Some((_, code)) = command.split_once("; exit ")
            {
                let message = format!("The command '/bin/sh -c {command}' returned a non-zero code: {code}");
                let code: i64 = code.parse().unwrap_or(1);
                lines.push(json!({ "errorDetail": { "code": code, "message": message }, "error": message }));
                return Reply::Lines(lines);
            }
            stream(format!(" ---> {}\n", &parent["sha256:".len()..][..12]));
        }
        let id = self.add_image(&parent, labels, None);
        self.tag(&id, request.query("t"));
        lines.push(json!({ "aux": { "ID": id } }));
        lines.push(json!({ "stream": format!("Successfully built {}\n", &id["sha256:".len()..][..12]) }));
        lines.push(json!({ "stream": format!("Successfully tagged {}\n", request.query("t")) }));
        Reply::Lines(lines)
    }
}
