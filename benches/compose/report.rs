//! The result as a page.

use std::fmt::Write;
use std::time::Duration;

use serde_json::Value;

use crate::measure::Samples;
use crate::rival;

/// One line of the result.
pub(crate) struct Row {
    what: &'static str,
    own: Duration,
    other: Option<Duration>,
    limit: f64,
    samples: usize,
}

impl Row {
    /// Two medians, whose ratio is to be `limit` at most.
    pub(crate) fn ratio(what: &'static str, own: &Samples, other: &Samples, limit: f64) -> Self {
        Self { what, own: own.median(), other: Some(other.median()), limit, samples: own.len() }
    }

    /// A median that is to be `limit` seconds at most.
    pub(crate) fn limit(what: &'static str, own: &Samples, limit: f64) -> Self {
        Self { what, own: own.median(), other: None, limit, samples: own.len() }
    }
}

/// The page: medians and ratios, and where the time of a first `up` goes.
pub(crate) fn text(rows: &[Row], cold: &Value) -> String {
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    let mut text = format!(
        "# Benchmarks\n\nWritten by `make bench`; medians of one run on a machine with {processors} processors.\n\
        Rival: docker compose {}, built from its module, with the same eight services on the same images,\n\
        volumes, limits and probes. `shop` runs its router beside them, and its times include it.\n\n\
        | what | shop | rival | ratio | aim | samples |\n| --- | ---: | ---: | ---: | ---: | ---: |\n",
        rival::VERSION,
    );
    for row in rows {
        let (other, ratio, aim) = match row.other {
            Some(other) => {
                let ratio = row.own.as_secs_f64() / other.as_secs_f64();
                (shown(other), format!("{ratio:.2}"), format!("≤ {:.2}", row.limit))
            }
            None => (String::new(), String::new(), format!("≤ {}", shown(Duration::from_secs_f64(row.limit)))),
        };
        // Writing to a String cannot fail.
        let _ok = writeln!(text, "| {} | {} | {other} | {ratio} | {aim} | {} |", row.what, shown(row.own), row.samples);
    }
    let number = |key: &str| Duration::from_millis(cold[key].as_u64().unwrap_or_default());
    let _ok = write!(
        text,
        "\n## The first `shop up`\n\nImages were there; {} in all, of which {} at work along the critical path.\n\n\
        | step | took | critical |\n| --- | ---: | --- |\n",
        shown(number("total_ms")),
        shown(number("critical_ms")),
    );
    for node in cold["nodes"].as_array().into_iter().flatten() {
        let (id, verb) = (node["id"].as_str().unwrap_or_default(), node["verb"].as_str().unwrap_or_default());
        let took = Duration::from_millis(node["took_ms"].as_u64().unwrap_or_default());
        let critical = if node["critical"] == true { "yes" } else { "" };
        let _ok = writeln!(text, "| {id} {verb} | {} | {critical} |", shown(took));
    }
    text
}

fn shown(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 1.0 { format!("{:.1} ms", seconds * 1000.0) } else { format!("{seconds:.2} s") }
}
