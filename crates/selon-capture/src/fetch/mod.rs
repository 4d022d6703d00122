//! Fetching addresses: what the server sent, byte for byte, and nothing that must not be asked for.
//!
//! Blocking sockets, one request a connection, requests written and responses read here: the
//! simplest client that keeps wire bytes, the address and the certificates. Each redirect is an
//! exchange of its own; a page brings its pictures and style sheets; a feed or a sitemap names
//! more. Everything that comes from outside is bounded by a number of [`FetchLimits`].

mod address;
mod authority;
mod blocked;
mod exchange;
mod fault;
mod feed;
mod fetcher;
mod refresh;
mod requisite;
mod robots;
mod settings;
mod sitemap;
mod socks;
mod spool;
mod tls;
mod visit;
mod xml;

pub use address::{Allowed, Resolve};
pub use authority::AuthorityClient;
pub use blocked::{Wall, wall};
pub use exchange::Exchange;
pub use fault::{Fault, FaultKind};
pub use feed::{Entry, Feed};
pub use fetcher::{Fetcher, Keep, Kept, Nowhere, Stop};
pub use refresh::refresh_of;
pub use requisite::{of_css, of_html};
pub use robots::Robots;
pub use settings::{FetchLimits, Proxy, Settings};
pub use sitemap::{Place, Sitemap};
pub use visit::{Lead, Missing, Visit};
