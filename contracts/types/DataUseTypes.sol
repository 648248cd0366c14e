// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice What a dataset's curator allows, fixed for the life of the dataset. The registry stores its hash only.
/// @param duo Data Use Ontology terms as bits (see `DataUse`)
/// @param disease For disease-specific terms: the digest of the disease's code; otherwise zero
/// @param royaltyBps Least share of a trained model's price that must flow to the data's contributors, in basis points
/// @param agreement Digest of the data-use agreement's text
struct Terms {
    uint128 duo;
    bytes32 disease;
    uint16 royaltyBps;
    bytes32 agreement;
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
