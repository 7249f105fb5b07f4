//! What the commands about schedules take. The comments of the options are their help texts.

use clap::{Args, Subcommand};

/// `schedule`.
#[derive(Args, Debug)]
pub struct Schedule {
    /// What to do.
    #[command(subcommand)]
    pub command: ScheduleCommand,
}

/// `schedule next`.
#[derive(Debug, Subcommand)]
pub enum ScheduleCommand {
    /// Explain a schedule and show its next times
    Next {
        /// A crontab of 5, 6 or 7 fields, or words such as "weekdays at 06:00"
        #[arg(value_name = "EXPR", required = true, num_args = 1.., allow_hyphen_values = false)]
        expression: Vec<String>,
        /// The time zone, such as Europe/London; the profile's if left out, else UTC
        #[arg(long, value_name = "ZONE")]
        timezone: Option<String>,
        /// Show the times after this one, such as 2027-03-27 or 2027-03-27T22:00; now if left out
        #[arg(long, value_name = "TIME")]
        after: Option<String>,
        /// How many times to show
        #[arg(short = 'n', long = "count", value_name = "N", default_value_t = 5, hide_default_value = true)]
        count: u32,
    },
}
