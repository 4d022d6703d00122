//! Flags of commands that take addresses, and lists of addresses.

use anyhow::{Context, Result};
#[cfg(feature = "fetch")]
use selon_capture::fetch::{Allowed, Fetcher, Proxy, Settings};

use super::exit::Usage;

/// How to fetch.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Fetching")]
pub(crate) struct FetchArgs {
    /// Everything goes through this proxy, which looks names up itself (Tor: socks5h://127.0.0.1:9050)
    #[arg(long, value_name = "socks5h://HOST:PORT")]
    proxy: Option<String>,
    /// Fetch from this address or port too, though it is not public or not usual: IP, IP:PORT, :PORT
    #[arg(long, value_name = "ADDRESS")]
    allow: Vec<String>,
    /// Who asks: stands in every request, and in the evidence
    #[arg(long, value_name = "TEXT")]
    user_agent: Option<String>,
    /// Fetch what a site's robots.txt forbids, for this reason, which is kept with the page
    #[arg(long, value_name = "REASON")]
    ignore_robots: Option<String>,
    /// Trust the authorities of this PEM file, too
    #[arg(long, value_name = "FILE")]
    ca: Option<std::path::PathBuf>,
    /// Keep a page whose certificate does not verify, with the reason why
    #[arg(long)]
    accept_bad_certificate: bool,
    /// Seconds between two requests to one host
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0)]
    delay: f64,
    /// Largest body that is taken, in MiB; a longer one is cut and marked
    #[arg(long, value_name = "MIB", default_value_t = 200)]
    max_size: u64,
    /// Longest time for one answer, in seconds; what came by then is kept and marked
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    max_time: u64,
}

/// Whether an input is an address and no file.
pub(crate) fn is_address(input: &str) -> bool {
    let start = input.get(..8).unwrap_or(input).to_ascii_lowercase();
    start.starts_with("http://") || start.starts_with("https://")
}

#[cfg(feature = "fetch")]
impl FetchArgs {
    /// A fetcher as asked for.
    pub(crate) fn fetcher(&self, requisites: bool) -> Result<Fetcher> {
        let mut settings = Settings { requisites, ..Settings::default() };
        for allowed in &self.allow {
            settings
                .allowed
                .push(allowed.parse::<Allowed>().map_err(|what| Usage(format!("--allow {what}")))?);
        }
        if let Some(proxy) = &self.proxy {
            settings.proxy = Some(proxy.parse::<Proxy>().map_err(|what| Usage(format!("--proxy {what}")))?);
        }
        if let Some(name) = &self.user_agent {
            settings.user_agent.clone_from(name);
        }
        if let Some(reason) = &self.ignore_robots {
            if reason.trim().is_empty() {
                return Err(Usage("--ignore-robots wants the reason in words".to_owned()).into());
            }
            settings.ignore_robots = Some(reason.trim().to_owned());
        }
        if let Some(path) = &self.ca {
            settings.trust_file(path)?;
        }
        settings.accept_bad_certificate = self.accept_bad_certificate;
        settings.delay = std::time::Duration::try_from_secs_f64(self.delay)
            .ok()
            .filter(|delay| delay.as_secs() <= 3600)
            .ok_or_else(|| Usage(format!("--delay {}: give seconds from 0 to 3600", self.delay)))?;
        settings.limits.body = self.max_size.saturating_mul(1 << 20);
        settings.limits.whole = std::time::Duration::from_secs(self.max_time.clamp(1, 86_400));
        Fetcher::new(settings).map_err(|fault| Usage(format!("cannot fetch: {}", fault.what)).into())
    }
}

/// The addresses of a list: one a line; blank lines and those with `#` are none.
pub(crate) fn read_list(path: &std::path::Path) -> Result<Vec<String>> {
    let text = if path.as_os_str() == "-" {
        std::io::read_to_string(std::io::stdin()).context("cannot read the list from standard input")?
    } else {
        std::fs::read_to_string(path).with_context(|| format!("cannot read the list {}", path.display()))?
    };
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let addresses: Vec<String> =
        lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect();
    if let Some(line) = addresses.iter().find(|line| !is_address(line)) {
        let what = format!(
            "{}: {line:?} is no address; one address a line, with http:// or https://",
            path.display()
        );
        return Err(Usage(what).into());
    }
    if addresses.is_empty() {
        return Err(Usage(format!("{} names no address", path.display())).into());
    }
    Ok(addresses)
}
