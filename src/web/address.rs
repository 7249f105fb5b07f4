//! Which addresses are on the open internet. Everything else is somebody's own network, or this machine.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether a connection may go to these addresses: to the open internet, or, where the settings spell an address out,
/// to that one. One bad address among several spoils all.
pub fn admits(addresses: impl IntoIterator<Item = IpAddr>, spelled_out: bool) -> bool {
    addresses.into_iter().all(|address| !is_never(address) && (spelled_out || is_public(address)))
}

/// Whether an address is on the open internet. What carries an IPv4 address inside is judged by that one.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// Whether no program has any business there, even if somebody lists it: the addresses where clouds hand out keys to
/// their machines, and those that mean nobody or everybody.
fn is_never(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_multicast()
                || v4.is_broadcast()
                || v4.octets()[0] == 0
        }
        IpAddr::V6(v6) => match carried(v6) {
            Some(v4) => is_never(v4.into()),
            None => v6.is_unicast_link_local() || v6.is_unspecified() || v6.is_multicast(),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let protocols = a == 192 && b == 0 && c == 0;
    let relays = a == 192 && b == 88 && c == 99;
    let benchmarks = a == 198 && (b == 18 || b == 19);
    !(a == 0
        || a >= 224
        || shared
        || protocols
        || relays
        || benchmarks
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation())
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(v4) = carried(address) {
        return is_public_v4(v4);
    }
    let [one, two, ..] = address.segments();
    // Only 2000::/3 is given out; in it, Teredo hides another address and 2001:db8:: is for books.
    one & 0xe000 == 0x2000 && !(one == 0x2001 && (two < 0x200 || two == 0xdb8)) && one != 0x3fff
}

/// The IPv4 address in an IPv6 one: written for a socket, for a translator, or for a tunnel.
fn carried(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let of = |bytes: &[u8]| <[u8; 4]>::try_from(bytes).ok().map(Ipv4Addr::from);
    let bytes = address.octets();
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, ..] | [0, 0, 0, 0, 0xffff, 0, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => {
            of(&bytes[12..])
        }
        [0x2002, ..] => of(&bytes[2..6]),
        _ => None,
    }
}
