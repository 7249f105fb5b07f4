//! One test binary: one file per capability.

mod simulator_backdoor;
mod simulator_catalogue;
mod simulator_derived;
mod simulator_faults;
mod simulator_lists;
mod simulator_refusals;
mod simulator_searches;
mod simulator_writes;
mod support;
