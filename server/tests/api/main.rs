//! The server as a process: started in a folder of its own, called over the loopback, stopped at the end. The tests of what is stored run on
//! SQLite, and on PostgreSQL where Debian's server is installed; where it is not, a line says so. Takes half a minute.
#![allow(clippy::restriction)]

mod access;
mod clients;
mod endpoints;
mod http;
mod limits;
mod postgres;
mod records;
mod reliability;
mod secrets;
mod server;
mod settings;
mod sign;
mod tls;
