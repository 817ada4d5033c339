//! The only writer of the stream.
