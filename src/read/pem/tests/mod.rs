//! What reading returns: blocks and faults.
