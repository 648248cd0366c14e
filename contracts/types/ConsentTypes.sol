// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice One person's standing word about one dataset, packed into one slot (256 bits).
/// @param purposes Permitted uses as bits (see `DataUse`); an order is permitted if it declares no other
/// @param expiry Unix time from which the permission is void
/// @param modes Permitted modes as bits (see `Modes`)
/// @param nonce Number that the next signed grant must carry
/// @param changedAt Block of the last change
struct ConsentSlot {
    uint128 purposes;
    uint40 expiry;
    uint8 modes;
    uint40 nonce;
    uint40 changedAt;
}

/// @notice A grant, signed by the subject (EIP-712).
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
