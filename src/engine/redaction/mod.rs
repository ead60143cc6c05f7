//! Redaction: what is sensitive is found, replaced and restored, exactly.
