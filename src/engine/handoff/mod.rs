//! Handoffs: the ledger, the document code makes from a transcript, and its verification.
