//! A recorder's ports for TLS: what comes inside it goes on to the same recorder's other ports, as in many real ones.

use std::io;
use std::net::Ipv4Addr;
use std::rc::Rc;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use crate::world::World;

/// Whoever does not end a handshake is left.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Fresh keys, with a certificate that they have signed themselves.
pub(crate) fn keys() -> io::Result<TlsAcceptor> {
    let made = rcgen::generate_simple_self_signed(["recorder".to_owned()]).map_err(io::Error::other)?;
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).map_err(io::Error::other)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().and_then(
            |builder| builder.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key),
        );
    Ok(TlsAcceptor::from(Arc::new(config.map_err(io::Error::other)?)))
}

/// Takes connections of a recorder on to its port `inside` until `stop` comes or its sender is gone; listener and connections are
/// closed before it returns.
pub(crate) async fn run(
    (world, recorder): (Rc<World>, usize),
    listener: TcpListener,
    inside: u16,
    mut stop: oneshot::Receiver<()>,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((socket, _)) => {
                    let keys = &world.shared.recorders[recorder].keys;
                    // The certificate of now: it may be renewed.
                    if let Some(keys) = keys.lock().unwrap_or_else(PoisonError::into_inner).clone() {
                        connections.spawn_local(serve(keys, socket, inside));
                    }
                }
                // Out of descriptors: the next try must not spin.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    connections.shutdown().await;
}

/// An error ends the connection, and nobody is left to tell.
async fn serve(keys: TlsAcceptor, socket: TcpStream, inside: u16) {
    drop(socket.set_nodelay(true));
    let Ok(Ok(mut outer)) = timeout(HANDSHAKE, keys.accept(socket)).await else { return };
    let Ok(mut inner) = TcpStream::connect((Ipv4Addr::LOCALHOST, inside)).await else { return };
    drop(inner.set_nodelay(true));
    drop(copy_bidirectional(&mut outer, &mut inner).await);
}
