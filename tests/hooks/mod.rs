//! Hooks: what is seen, what is kept, what is handed out.

mod bugs;
mod faulty;
mod simulate;
mod simulation;
mod world;
