//! Hooks: what is seen, what is kept, what is handed out.

mod bugs;
mod cases;
mod faulty;
mod kills;
mod other_profile;
mod outage;
mod real;
mod recipes;
mod simulate;
mod simulation;
mod stage;
mod world;
