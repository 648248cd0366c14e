// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice One person's standing word about one dataset, packed into one slot (256 bits).
/// @param purposes Permitted uses as bits (see `DataUse`); an order is permitted if it declares no other
/// @param expiry Unix time from which the permission is void
/// @param modes Permitted modes as bits (see `Modes`)
/// @param nonce Number that the next signed grant must carry
/// @param changedAt Block of the last grant or revocation; zero while there was none, then the leaf speaks
struct ConsentSlot {
    uint128 purposes;
    uint40 expiry;
    uint8 modes;
    uint40 nonce;
    uint40 changedAt;
}

/// @notice A grant, signed by the subject (EIP-712). With the bit `Modes.TWO_PERSON` the custodian signs it too.
struct Grant {
    uint256 dataset;
    address subject;
    uint128 purposes;
    uint40 expiry;
    uint8 modes;
    uint40 nonce;
}

/// @notice A revocation, signed by the subject (EIP-712). Covers every grant up to and including `maxNonce`.
struct Revocation {
    uint256 dataset;
    address subject;
    uint40 maxNonce;
}

/// @notice A person takes over a provisional subject; signed by the code's key and by the custodian (EIP-712).
/// @param controller Key that signs and claims for the subject from then on
/// @param nonce Number of earlier hand-overs of the subject, contested ones included
/// @param validUntil Unix time after which the signatures are void
struct HandOver {
    uint256 dataset;
    address subject;
    address controller;
    uint40 nonce;
    uint40 validUntil;
}

/// @notice An objection to a hand-over before it is in force; signed by the code's key or the custodian (EIP-712).
/// @param nonce The hand-over's
struct Contest {
    uint256 dataset;
    address subject;
    uint40 nonce;
}

/// @notice Who speaks for a provisional subject, packed into one slot.
/// @param account Key that takes over; zero while there is none
/// @param inForceFrom Unix time from which it speaks; until then it can be contested
/// @param nonce Number of hand-overs so far
/// @param proven Whether the subject was ever shown to be provisional
struct Controller {
    address account;
    uint40 inForceFrom;
    uint40 nonce;
    bool proven;
}

/// @notice A person lets a key speak for a subject; signed by the person (EIP-712).
/// @param rights What it may do, as bits (see `ProxyRights`)
/// @param expiry Unix time from which it may do nothing
/// @param nonce The slot's; naming raises it by one
struct ProxyNaming {
    uint256 dataset;
    address subject;
    address proxy;
    uint8 rights;
    uint40 expiry;
    uint40 nonce;
}

/// @notice A person takes a proxy's rights back; signed by the person (EIP-712).
/// @param since Nonce at which this proxy was named
struct ProxyRemoval {
    uint256 dataset;
    address subject;
    address proxy;
    uint40 since;
}

/// @notice A grant by a proxy, signed by the proxy (EIP-712).
/// @param since Nonce at which this proxy was named
struct ProxyGrant {
    uint256 dataset;
    address subject;
    uint128 purposes;
    uint40 expiry;
    uint8 modes;
    uint40 nonce;
    address proxy;
    uint40 since;
}

/// @notice A revocation by a proxy, signed by the proxy (EIP-712).
/// @param since Nonce at which this proxy was named
struct ProxyRevocation {
    uint256 dataset;
    address subject;
    uint40 maxNonce;
    address proxy;
    uint40 since;
}

/// @notice A key that may speak for one subject, packed into one slot.
/// @param rights Zero: it is no proxy
/// @param since Nonce of the slot when it was named; no other naming of the subject has the same
struct Proxy {
    uint8 rights;
    uint40 expiry;
    uint40 since;
}

/// @notice Who spoke for a subject who did not speak themself.
enum Speaker {
    Custodian,
    Code,
    Proxy
}

/// @notice What was collected from one subject at listing; a leaf of a version's consent root.
/// @param basis 0 = subject-signed, 1 = custodian-attested
/// @param evidence Salted commitment to the evidence
/// @param weight The subject's weight in payouts
/// @param originVersion Version in which the leaf first appeared
struct ConsentLeaf {
    address subject;
    uint128 purposes;
    uint8 modes;
    uint40 expiry;
    uint8 basis;
    bytes32 evidence;
    uint32 weight;
    uint16 originVersion;
}
