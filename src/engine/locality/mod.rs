//! Locality: what may cross to another pane or provider, and in which form.
