//! Findings as lines, CSV and JSON.
