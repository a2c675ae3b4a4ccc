//! Commands of the stack: `shop magento …`, `shop mysql …`.

use std::ffi::OsString;

use super::context::Cx;
use super::exec::connect;
use crate::app::exec;
use crate::app::session::Session;
use crate::error::{Code, Failure, Result};

pub(super) async fn run(cx: &Cx<'_>, words: &[OsString]) -> Result<u8> {
    let words = words
        .iter()
        .map(|word| {
            word.to_str().map(str::to_owned).ok_or_else(|| {
                Failure::new(Code::NoResource, format!("{} is not UTF-8", word.display()))
                    .fix("pass it on standard input")
            })
        })
        .collect::<Result<Vec<String>>>()?;
    let Some((name, arguments)) = words.split_first() else {
        return Err(Failure::bug("a command without a name"));
    };
    let session = cx.work(Session::open).await?;
    let request = exec::command(&session, name, arguments, &super::names())?;
    connect(cx, &session, request, true).await
}
