//! Keys, and what is done with them. Every primitive comes from a kept crate; here they are only put together: XChaCha20-Poly1305
//! (RFC 8439 with the extended nonce), Ed25519 (RFC 8032, verified strictly), HPKE in base mode over X25519 (RFC 9180), Argon2id
//! (RFC 9106), BLAKE3 for digests and for keys from keys.
//!
//! What is secret is wiped when it is dropped and has no `Debug`.

use super::error::{Result, SyncError};
use chacha20poly1305::aead::{Aead as _, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use hpke::kem::X25519HkdfSha256 as Kem;
use hpke::{Deserializable, Kem as _, OpModeR, OpModeS, Serializable};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use zeroize::Zeroizing;

type Kdf = hpke::kdf::HkdfSha256;
type Aead = hpke::aead::ChaCha20Poly1305;

const NONCE: usize = 24;

/// What a seal adds to a text.
pub const SEAL: usize = NONCE + 16;

/// Bytes of a signature.
pub const SIGNATURE: usize = 64;

/// What wrapping for a recipient adds to a text.
pub const WRAP: usize = 32 + 16;

/// Fresh random bytes.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0u8; N];
    #[cfg(feature = "simulation")]
    if super::luck::draw(&mut bytes) {
        return Ok(bytes);
    }
    getrandom::fill(&mut bytes).map_err(|error| SyncError::Random(error.to_string()))?;
    Ok(bytes)
}

/// A key that seals: of an epoch, of an invitation, of a pass-phrase.
#[derive(Clone)]
pub struct SealKey(Zeroizing<[u8; 32]>);

impl SealKey {
    /// A new one.
    pub fn generate() -> Result<Self> {
        Ok(Self::from_bytes(random()?))
    }

    /// The key with these bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Its bytes, for the keyring and for wrapping.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Seals a text under a nonce of its own; `about` is authenticated with it and must be given again to open it.
    pub fn seal(&self, about: &[u8], text: &[u8]) -> Result<Vec<u8>> {
        let nonce: [u8; NONCE] = random()?;
        let payload = Payload { msg: text, aad: about };
        let sealed = XChaCha20Poly1305::new((&*self.0).into())
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| SyncError::TooLarge { what: "a text", size: text.len() as u64 })?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Opens what `seal` made.
    pub fn open(&self, about: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(SyncError::Sealed)?;
        XChaCha20Poly1305::new((&*self.0).into())
            .decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: about })
            .map(Zeroizing::new)
            .map_err(|_| SyncError::Sealed)
    }

    /// Tells the key without giving it away: what a statement says of an epoch's key.
    pub fn commitment(&self, about: &[u8]) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new_derive_key("rolo 2026 commitment to an epoch key");
        *hasher.update(&*self.0).update(about).finalize().as_bytes()
    }
}

/// A device's or an invitation's key to sign with.
#[derive(Clone)]
pub struct SignKey(SigningKey);

impl SignKey {
    /// A new one.
    pub fn generate() -> Result<Self> {
        let seed: Zeroizing<[u8; 32]> = Zeroizing::new(random()?);
        Ok(Self::from_bytes(&seed))
    }

    /// The key with this seed.
    pub fn from_bytes(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// Its seed, for the keyring.
    pub fn bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The key that a device has that takes this one's place under another id. Two copies of a disk that go on under one id have one
    /// key, too, so that each can read what the other one says.
    pub fn next(&self, about: &[u8]) -> Self {
        Self::from_bytes(&next("rolo 2026 next key to sign with", self.bytes(), about))
    }

    /// What others check its signatures with.
    pub fn public(&self) -> SignPublic {
        SignPublic(self.0.verifying_key().to_bytes())
    }

    /// Signs a digest; a signature for one purpose is none for another.
    pub fn sign(&self, purpose: &str, digest: &[u8; 32]) -> [u8; SIGNATURE] {
        self.0.sign(&statement(purpose, digest)).to_bytes()
    }
}

/// Checks signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SignPublic(#[serde(with = "super::hex")] pub [u8; 32]);

impl SignPublic {
    /// Checks a signature, strictly: no weak keys, one spelling.
    pub fn verify(&self, purpose: &str, digest: &[u8; 32], signature: &[u8; SIGNATURE]) -> Result<()> {
        let statement = statement(purpose, digest);
        let all =
            *blake3::Hasher::new().update(&self.0).update(signature).update(&statement).finalize().as_bytes();
        if good().contains(&all) {
            return Ok(());
        }
        VerifyingKey::from_bytes(&self.0)
            .and_then(|key| key.verify_strict(&statement, &Signature::from_bytes(signature)))
            .map_err(|_| SyncError::Signature)?;
        let mut good = good();
        if good.len() >= GOOD_MAX {
            good.clear();
        }
        good.insert(all);
        Ok(())
    }
}

/// So many signatures are remembered: of each device of a large team its joining, its statements and its last heads.
const GOOD_MAX: usize = 8192;

/// The hashes of key, signature and statement that were found to belong together: every sync meets most of them again, and
/// what was good once is good always.
fn good() -> MutexGuard<'static, HashSet<[u8; 32]>> {
    static GOOD: LazyLock<Mutex<HashSet<[u8; 32]>>> = LazyLock::new(Mutex::default);
    GOOD.lock().unwrap_or_else(PoisonError::into_inner)
}

fn next(purpose: &'static str, key: &[u8; 32], about: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut hasher = blake3::Hasher::new_derive_key(purpose);
    Zeroizing::new(*hasher.update(key).update(about).finalize().as_bytes())
}

fn statement(purpose: &str, digest: &[u8; 32]) -> Vec<u8> {
    [b"rolo 2026 ", purpose.as_bytes(), b"\0", &digest[..]].concat()
}

/// A device's or an invitation's key that keys are wrapped for.
#[derive(Clone)]
pub struct BoxKey(Zeroizing<[u8; 32]>);

impl BoxKey {
    /// A new one.
    pub fn generate() -> Result<Self> {
        Ok(Self(Zeroizing::new(random()?)))
    }

    /// The key with this seed.
    pub fn from_bytes(seed: [u8; 32]) -> Self {
        Self(Zeroizing::new(seed))
    }

    /// Its seed, for the keyring.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// As for keys to sign with.
    pub fn next(&self, about: &[u8]) -> Self {
        Self(next("rolo 2026 next key to open with", self.bytes(), about))
    }

    /// What others wrap with.
    pub fn public(&self) -> BoxPublic {
        let (_, public) = Kem::derive_keypair(&*self.0);
        BoxPublic(public.to_bytes().into())
    }

    /// Opens what was wrapped for this key.
    pub fn unwrap(&self, about: &[u8], wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let (sender, sealed) = wrapped.split_at_checked(32).ok_or(SyncError::Sealed)?;
        let sender = <Kem as hpke::Kem>::EncappedKey::from_bytes(sender).map_err(|_| SyncError::Sealed)?;
        let (secret, _) = Kem::derive_keypair(&*self.0);
        hpke::single_shot_open::<Aead, Kdf, Kem>(&OpModeR::Base, &secret, &sender, about, sealed, &[])
            .map(Zeroizing::new)
            .map_err(|_| SyncError::Sealed)
    }
}

/// Wraps keys for whoever has the other half.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BoxPublic(#[serde(with = "super::hex")] pub [u8; 32]);

impl BoxPublic {
    /// Wraps a text; `about` must be given again to open it. Says nothing of who wrapped it.
    pub fn wrap(&self, about: &[u8], text: &[u8]) -> Result<Vec<u8>> {
        // The crate below panics where there are no random numbers: asked first.
        random::<1>()?;
        let invalid = |_| SyncError::Damaged("a member's key is no key");
        let key = <Kem as hpke::Kem>::PublicKey::from_bytes(&self.0).map_err(invalid)?;
        let (sender, sealed) =
            hpke::single_shot_seal::<Aead, Kdf, Kem>(&OpModeS::Base, &key, about, text, &[])
                .map_err(invalid)?;
        Ok([&sender.to_bytes()[..], &sealed].concat())
    }
}

/// What Argon2id costs: KiB of memory, passes, lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// KiB.
    pub memory: u32,
    /// Passes.
    pub passes: u32,
}

impl Cost {
    /// For what people think of (RFC 9106's second choice, one lane).
    pub const PASSPHRASE: Self = Self { memory: 64 << 10, passes: 3 };
    /// For codes, which are random.
    pub const CODE: Self = Self { memory: 19 << 10, passes: 2 };
    /// No file may ask for more.
    const MOST: Self = Self { memory: 1 << 20, passes: 16 };

    /// A key from a text that people type.
    pub fn stretch(self, text: &[u8], salt: &[u8]) -> Result<SealKey> {
        // A simulation lets many in.
        #[cfg(feature = "simulation")]
        let this = if super::luck::is_seeded() { Self { memory: 64, passes: 1 } } else { self };
        #[cfg(not(feature = "simulation"))]
        let this = self;
        let refused = |_| SyncError::Damaged("the costs of its pass-phrase are out of range");
        if this.memory > Self::MOST.memory || this.passes > Self::MOST.passes {
            return Err(SyncError::Damaged("its pass-phrase asks for too much memory or time"));
        }
        let params = argon2::Params::new(this.memory, this.passes, 1, Some(32)).map_err(refused)?;
        let mut key = Zeroizing::new([0u8; 32]);
        argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
            .hash_password_into(text, salt, &mut *key)
            .map_err(refused)?;
        Ok(SealKey(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_its_key_and_subject_alone() {
        let (key, other) = (SealKey::generate().unwrap(), SealKey::generate().unwrap());
        let sealed = key.seal(b"here", b"text").unwrap();
        assert_eq!(sealed.len(), 4 + SEAL);
        assert_eq!(&key.open(b"here", &sealed).unwrap()[..], b"text");
        assert_ne!(key.seal(b"here", b"text").unwrap(), sealed, "the nonce is fresh");
        assert!(key.open(b"there", &sealed).is_err());
        assert!(other.open(b"here", &sealed).is_err());
        for at in 0..sealed.len() {
            let mut wrong = sealed.clone();
            wrong[at] ^= 1;
            assert!(key.open(b"here", &wrong).is_err());
            assert!(key.open(b"here", &sealed[..at]).is_err());
        }
    }

    #[test]
    fn a_signature_holds_for_its_text_key_and_purpose() {
        let key = SignKey::generate().unwrap();
        let signature = key.sign("segment", &[1; 32]);
        let public = key.public();
        public.verify("segment", &[1; 32], &signature).unwrap();
        assert!(public.verify("head", &[1; 32], &signature).is_err());
        assert!(public.verify("segment", &[2; 32], &signature).is_err());
        assert!(SignKey::generate().unwrap().public().verify("segment", &[1; 32], &signature).is_err());
        // The identity is a key for which anything can be "signed": refused.
        let mut weak = [0; 32];
        weak[0] = 1;
        let mut forged = [0; SIGNATURE];
        forged[0] = 1;
        assert!(SignPublic(weak).verify("segment", &[1; 32], &forged).is_err());
    }

    #[test]
    fn a_wrapped_key_opens_for_its_recipient_and_purpose_alone() {
        let (key, other) = (BoxKey::generate().unwrap(), BoxKey::generate().unwrap());
        let wrapped = key.public().wrap(b"epoch 2", &[7; 32]).unwrap();
        assert_eq!(wrapped.len(), 32 + WRAP);
        assert_eq!(key.unwrap(b"epoch 2", &wrapped).unwrap()[..], [7; 32]);
        assert!(key.unwrap(b"epoch 3", &wrapped).is_err());
        assert!(other.unwrap(b"epoch 2", &wrapped).is_err());
        assert!(key.unwrap(b"epoch 2", &wrapped[..31]).is_err());
        assert!(BoxPublic([0; 32]).wrap(b"", &[7; 32]).is_err(), "a weak point is no key");
    }

    #[test]
    fn a_file_cannot_ask_for_all_memory() {
        assert!(Cost { memory: u32::MAX, passes: 1 }.stretch(b"x", &[0; 16]).is_err());
        assert!(Cost { memory: 8, passes: u32::MAX }.stretch(b"x", &[0; 16]).is_err());
        let cost = Cost { memory: 64, passes: 1 };
        let key = cost.stretch(b"x", &[0; 16]).unwrap();
        assert_eq!(key.bytes(), cost.stretch(b"x", &[0; 16]).unwrap().bytes());
        assert_ne!(key.bytes(), cost.stretch(b"x", &[1; 16]).unwrap().bytes());
    }
}
