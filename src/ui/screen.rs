//! Standard error: lines that stay, and below them a block that is redrawn in place.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::width::width;

/// Standard error, shared by renderers and messages, so that a message never lands inside the block.
#[derive(Clone)]
pub(super) struct Screen(Arc<Mutex<Inner>>);

struct Inner {
    writer: Box<dyn Write + Send>,
    block: Vec<String>,
    columns: usize,
}

impl Screen {
    pub(super) fn new(writer: Box<dyn Write + Send>) -> Self {
        Self(Arc::new(Mutex::new(Inner { writer, block: Vec::new(), columns: 0 })))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a line that stays.
    pub(super) fn line(&self, line: &str) {
        self.text(&format!("{line}\n"));
    }

    /// Writes text of whole lines that stays; a block stays below it.
    pub(super) fn text(&self, text: &str) {
        let mut inner = self.lock();
        let block = std::mem::take(&mut inner.block);
        let columns = inner.columns;
        inner.redraw(&block, text, block.clone(), columns);
    }

    /// Writes lines that stay and draws `block` below them, on a terminal of so many columns.
    pub(super) fn draw(&self, lines: &[String], block: Vec<String>, columns: usize) {
        let mut inner = self.lock();
        if lines.is_empty() && inner.block == block && inner.columns == columns {
            return;
        }
        let text = lines.iter().fold(String::new(), |text, line| text + line + "\n");
        let before = std::mem::take(&mut inner.block);
        inner.redraw(&before, &text, block, columns);
    }

    /// Removes the block.
    pub(super) fn clear(&self) {
        let columns = self.lock().columns;
        self.draw(&[], Vec::new(), columns);
    }
}

impl Inner {
    /// Goes to where `before` begins, and writes `text` and `block` over it.
    fn redraw(&mut self, before: &[String], text: &str, block: Vec<String>, columns: usize) {
        let mut bytes = String::new();
        if before.is_empty() && block.is_empty() {
            bytes.push_str(text);
        } else {
            // The cursor is hidden only while this one write is under way: whatever kills the
            // process, it never leaves a terminal without one.
            bytes.push_str("\u{1b}[?25l\r");
            // A terminal that became narrower has broken the lines that were drawn.
            let rows: usize = before.iter().map(|line| width(line).div_ceil(columns.max(1)).max(1)).sum();
            if rows > 0 {
                bytes = bytes + "\u{1b}[" + &rows.to_string() + "A";
            }
            for line in text.lines().chain(block.iter().map(String::as_str)) {
                bytes = bytes + line + "\u{1b}[K\n";
            }
            bytes.push_str("\u{1b}[J\u{1b}[?25h");
        }
        self.block = block;
        self.columns = columns;
        // When standard error is gone there is nobody to tell.
        drop(self.writer.write_all(bytes.as_bytes()).and_then(|()| self.writer.flush()));
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let before = std::mem::take(&mut self.block);
        if !before.is_empty() {
            let columns = self.columns;
            self.redraw(&before, "", Vec::new(), columns);
        }
    }
}

/// Standard error for libraries that want a writer: what is written stays above the live block.
#[derive(Clone)]
pub struct Stderr(pub(super) Screen);

impl Write for Stderr {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.text(&String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::output::tests::Buffer;
    use super::*;

    fn screen() -> (Screen, Buffer) {
        let buffer = Buffer::default();
        (Screen::new(Box::new(buffer.clone())), buffer)
    }

    #[test]
    fn without_a_block_there_are_no_control_characters() {
        let (screen, buffer) = screen();
        screen.line("one");
        screen.draw(&["two".to_owned()], Vec::new(), 80);
        screen.clear();
        assert_eq!(buffer.text(), "one\ntwo\n");
    }

    #[test]
    fn a_message_goes_above_the_block() {
        let (screen, buffer) = screen();
        screen.draw(&[], vec!["busy".to_owned(), "0/1".to_owned()], 80);
        assert_eq!(buffer.take(), "\u{1b}[?25l\rbusy\u{1b}[K\n0/1\u{1b}[K\n\u{1b}[J\u{1b}[?25h");
        screen.line("note");
        assert_eq!(buffer.take(), "\u{1b}[?25l\r\u{1b}[2Anote\u{1b}[K\nbusy\u{1b}[K\n0/1\u{1b}[K\n\u{1b}[J\u{1b}[?25h");
    }

    #[test]
    fn the_same_block_is_not_drawn_again() {
        let (screen, buffer) = screen();
        screen.draw(&[], vec!["busy".to_owned()], 80);
        drop(buffer.take());
        screen.draw(&[], vec!["busy".to_owned()], 80);
        assert_eq!(buffer.take(), "");
    }

    #[test]
    fn a_narrower_terminal_has_broken_the_lines() {
        let (screen, buffer) = screen();
        screen.draw(&[], vec!["x".repeat(70), "0/1".to_owned()], 80);
        drop(buffer.take());
        screen.draw(&[], vec!["x".repeat(39)], 40);
        assert!(buffer.take().starts_with("\u{1b}[?25l\r\u{1b}[3A"));
    }

    #[test]
    fn the_block_goes_with_the_screen() {
        let (screen, buffer) = screen();
        screen.draw(&[], vec!["busy".to_owned()], 80);
        drop(buffer.take());
        drop(screen);
        assert_eq!(buffer.take(), "\u{1b}[?25l\r\u{1b}[1A\u{1b}[J\u{1b}[?25h");
    }
}
