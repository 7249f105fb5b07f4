//! Tells systemd that the program is ready, alive or about to end, if it was started by it and asks for that.

use std::collections::BTreeMap;

/// The socket that systemd named.
pub struct Notify {
    socket: Option<String>,
}

impl Notify {
    /// The one of this environment; nothing is told without one.
    pub fn of(environment: &BTreeMap<String, String>) -> Notify {
        Notify { socket: environment.get("NOTIFY_SOCKET").filter(|path| !path.is_empty()).cloned() }
    }

    /// Tells a state such as `READY=1`. Nobody listening changes nothing.
    #[cfg(target_os = "linux")]
    pub fn tell(&self, state: &str) {
        use std::os::linux::net::SocketAddrExt as _;
        use std::os::unix::net::{SocketAddr, UnixDatagram};
        let Some(path) = &self.socket else { return };
        let address = match path.strip_prefix('@') {
            Some(name) => SocketAddr::from_abstract_name(name),
            None => SocketAddr::from_pathname(path),
        };
        let sent = address.and_then(|to| UnixDatagram::unbound()?.send_to_addr(state.as_bytes(), &to));
        drop(sent);
    }

    /// There is no systemd here, so nobody listens even if a socket is named.
    #[cfg(not(target_os = "linux"))]
    pub fn tell(&self, _state: &str) {
        let _ = &self.socket;
    }
}
