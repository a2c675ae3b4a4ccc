//! Standard output: results, and what a reader that went away means for them.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Standard output, shared by whoever writes results.
#[derive(Clone)]
pub(super) struct Output(Arc<Mutex<Inner>>);

struct Inner {
    writer: Box<dyn Write + Send>,
    closed: bool,
}

impl Output {
    pub(super) fn new(writer: Box<dyn Write + Send>) -> Self {
        Self(Arc::new(Mutex::new(Inner { writer, closed: false })))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes all of `bytes`. A reader that went away (`shop logs | head`) is a normal end:
    /// what is written after that goes nowhere.
    pub(super) fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let mut inner = self.lock();
        if inner.closed {
            return Ok(());
        }
        match inner.writer.write_all(bytes).and_then(|()| inner.writer.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                inner.closed = true;
                Ok(())
            }
            other => other,
        }
    }

    /// Whether the reader went away.
    pub(super) fn is_closed(&self) -> bool {
        self.lock().closed
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A writer whose text can be read while it is in use.
    #[derive(Clone, Default)]
    pub(crate) struct Buffer(Arc<Mutex<Vec<u8>>>);

    impl Buffer {
        pub(crate) fn text(&self) -> String {
            String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
        }

        /// What was written since the last call.
        pub(crate) fn take(&self) -> String {
            let text = self.text();
            self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
            text
        }
    }

    impl Write for Buffer {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// A writer that fails always in the same way.
    struct Broken(io::ErrorKind);

    impl Write for Broken {
        fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_went_away_is_a_normal_end() {
        let output = Output::new(Box::new(Broken(io::ErrorKind::BrokenPipe)));
        assert!(!output.is_closed());
        assert!(output.write(b"a").is_ok());
        assert!(output.is_closed());
        assert!(output.write(b"b").is_ok());
    }

    #[test]
    fn other_errors_are_reported() {
        let output = Output::new(Box::new(Broken(io::ErrorKind::StorageFull)));
        assert!(output.write(b"a").is_err());
        assert!(!output.is_closed());
    }
}
