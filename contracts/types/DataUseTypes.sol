// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice What a dataset's curator allows, fixed for the life of the dataset. The registry stores its hash only.
/// @param duo Data Use Ontology terms as bits (see `DataUse`)
/// @param disease For disease-specific terms: the digest of the disease's code; otherwise zero
/// @param royaltyBps Least share of a trained model's price that must flow to the data's contributors, in basis points
/// @param agreement Digest of the data-use agreement's text
/// @param countries For a geographical restriction: the countries of use, one bit each (see `Countries`); otherwise zero
/// @param dates For a moratorium and a time limit: their ends in seconds, packed as `moratorium40 use40`; otherwise zero
struct Terms {
    uint128 duo;
    bytes32 disease;
    uint16 royaltyBps;
    bytes32 agreement;
    uint256 countries;
    uint80 dates;
}

/// @notice What a requester declares.
/// @param uses Declared uses as bits (see `DataUse`)
/// @param country ISO 3166-1 numeric code of where the use takes place
/// @param disease Digest of the disease's code, for disease-specific research; otherwise zero
/// @param project Salted digest of the project's description
struct Purpose {
    uint128 uses;
    uint16 country;
    bytes32 disease;
    bytes32 project;
}

/// @notice An issuer's word that a term's condition is met by one buyer's use of one dataset for one project (EIP-712).
/// @param kind Number of the term's bit in `DataUse`
/// @param issuer Who states it
/// @param buyer For whom
/// @param dataset Of which asset
/// @param uses The declared uses, exactly
/// @param country The declared country
/// @param disease The declared disease
/// @param project The declared project
/// @param expiry Last second at which a use that rests on it may end
/// @param salt Tells two attestations of the same content apart
struct Attestation {
    uint8 kind;
    address issuer;
    address buyer;
    uint256 dataset;
    uint128 uses;
    uint16 country;
    bytes32 disease;
    bytes32 project;
    uint40 expiry;
    bytes32 salt;
}

/// @notice An issuer's withdrawal of an attestation (EIP-712), for those who let others send it.
struct AttestationRevocation {
    address issuer;
    bytes32 attestation;
}

/// @notice An attestation as a buyer presents it: what is not here comes from the order, so it cannot be for another.
struct AttestationProof {
    uint8 kind;
    address issuer;
    uint40 expiry;
    bytes32 salt;
    bytes signature;
}

/// @notice What a buyer presents with an order, ABI-encoded.
/// @param attestations Those that the terms ask for
/// @param descent Merkle proof that the declared disease descends from the terms'; else empty
struct Evidence {
    AttestationProof[] attestations;
    bytes32[] descent;
}

/// @notice An issuer of attestations, packed into one slot.
/// @param kinds Which kinds count, at the bits of the terms (see `DataUse`); zero once delisted
/// @param until Last second at which its attestations count
struct Issuer {
    uint128 kinds;
    uint40 until;
}
