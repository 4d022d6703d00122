//! TLS: certificates are checked, and kept as they came.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, RootCertStore, SignatureScheme};

use super::fault::{Fault, FaultKind};
use super::settings::Settings;
use crate::archive::NewTls;

/// Makes connections that are held against the same authorities.
pub(super) struct Trust {
    provider: Arc<CryptoProvider>,
    verifier: Arc<WebPkiServerVerifier>,
    forced: bool,
}

impl Trust {
    pub(super) fn new(settings: &Settings) -> Result<Self, Fault> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        for authority in &settings.authorities {
            roots.add(authority.clone()).map_err(unusable)?;
        }
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        let verifier = verifier.build().map_err(unusable)?;
        Ok(Trust { provider, verifier, forced: settings.accept_bad_certificate })
    }

    /// A connection to be begun, and where it will write down that a certificate is bad.
    pub(super) fn connection(&self, host: &str) -> Result<(ClientConnection, Arc<Judge>), Fault> {
        let host = host.trim_matches(['[', ']']).to_owned();
        let name = ServerName::try_from(host).map_err(unusable)?;
        let judge = Arc::new(Judge {
            inner: Arc::clone(&self.verifier),
            forced: self.forced,
            fault: Mutex::new(None),
        });
        let mut config = ClientConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()
            .map_err(unusable)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(&judge) as Arc<dyn ServerCertVerifier>)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let connection = ClientConnection::new(Arc::new(config), name).map_err(unusable)?;
        Ok((connection, judge))
    }
}

fn unusable(error: impl std::fmt::Display) -> Fault {
    Fault::new(FaultKind::Tls, format!("cannot be asked over TLS: {error}"))
}

/// What a connection shows once its handshake is done.
pub(super) fn facts(connection: &ClientConnection, judge: &Judge) -> NewTls {
    let chain = connection.peer_certificates().unwrap_or_default();
    NewTls {
        version: connection
            .protocol_version()
            .and_then(|version| version.as_str().map(str::to_owned))
            .unwrap_or_default(),
        cipher: connection
            .negotiated_cipher_suite()
            .and_then(|suite| suite.suite().as_str().map(str::to_owned))
            .unwrap_or_default(),
        chain: chain.iter().map(|certificate| certificate.as_ref().to_vec()).collect(),
        fault: judge.fault.lock().unwrap_or_else(PoisonError::into_inner).clone(),
    }
}

/// The usual check of a certificate; a failure is written down, and passes only where that was
/// asked for.
#[derive(Debug)]
pub(super) struct Judge {
    inner: Arc<WebPkiServerVerifier>,
    forced: bool,
    fault: Mutex<Option<String>>,
}

impl ServerCertVerifier for Judge {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        match self.inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            Err(error) if self.forced => {
                *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.to_string());
                Ok(ServerCertVerified::assertion())
            }
            judged => judged,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}
