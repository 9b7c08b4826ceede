//! Chooses analytics backends from the environment or a file and yields one ready handle
