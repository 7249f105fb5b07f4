//! What the commands take that set up a folder and its key.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `init`.
#[derive(Args, Debug)]
pub struct Init {
    /// The folder; it is made if it is not there yet
    #[arg(value_name = "DIR", default_value = ".", hide_default_value = true)]
    pub folder: PathBuf,
    /// us or eu
    #[arg(long, value_name = "REGION", value_parser = ["us", "eu"], hide_possible_values = true)]
    pub region: Option<String>,
    /// The name before .vitally.io in your browser (US only)
    #[arg(long, value_name = "NAME")]
    pub subdomain: Option<String>,
    /// Another address, such as a simulator's, instead of a region and a subdomain
    #[arg(long, value_name = "URL", conflicts_with_all = ["region", "subdomain"])]
    pub base_url: Option<String>,
    /// Take the key from this file instead of asking for it
    #[arg(long, value_name = "FILE")]
    pub api_key_file: Option<PathBuf>,
    /// Where the key is to be kept: keyring or file
    #[arg(long, value_name = "WHERE", hide_possible_values = true)]
    pub store_in: Option<StoreIn>,
}

/// Where a key is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StoreIn {
    /// The computer's keyring.
    Keyring,
    /// A file that only its owner can read.
    File,
}

/// `login`.
#[derive(Args, Debug)]
pub struct Login {
    /// Take the key from this file instead of asking for it
    #[arg(long, value_name = "FILE")]
    pub api_key_file: Option<PathBuf>,
    /// Where the key is to be kept: keyring or file
    #[arg(long, value_name = "WHERE", hide_possible_values = true)]
    pub store_in: Option<StoreIn>,
}

/// `logout`.
#[derive(Args, Debug)]
pub struct Logout {}

/// `whoami`.
#[derive(Args, Debug)]
pub struct Whoami {}
