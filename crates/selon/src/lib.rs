//! The archive facade: records, inputs, the flow from input to connected reports, and what
//! people see. The command line and the desk call it; neither repeats it.

pub mod archive;
pub mod cli;
pub mod codes;
pub mod desk;
pub mod disagreement;
pub mod gazetteer;
pub mod input;
pub mod packs;
pub mod page;
pub mod record;
pub mod site;
pub mod tables;
pub mod view;
