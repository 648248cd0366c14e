// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Terms} from "./DataUseTypes.sol";
import {Order, Receipt} from "./OrderTypes.sol";

enum AssetStatus {
    None,
    Listed,
    Frozen,
    Delisted
}

/// @notice An asset's configuration, packed into one slot (256 bits).
/// @param price Price of one order, in the token's smallest unit
/// @param token Index of the allow-listed token
/// @param gatewaySet Gateways that hold the key shares; never changes
/// @param custodian Gateway that executes jobs on the asset
/// @param custodianBps Custodian's share of the price, in basis points
/// @param curatorBps Curator's share of the price, in basis points; what is left goes to the asset's pot
/// @param modes Permitted modes, one bit each (see `Modes`)
/// @param versions Number of versions so far; the last one is current
/// @param count Records in the current version
/// @param population Source population whose privacy cap bounds all receipts
struct Cfg {
    uint80 price;
    uint16 token;
    uint24 gatewaySet;
    uint16 custodian;
    uint16 custodianBps;
    uint16 curatorBps;
    uint8 modes;
    AssetStatus status;
    uint16 versions;
    uint32 count;
    uint24 population;
}

/// @notice All that funding an order asks of an asset, in one answer.
/// @param termsHash keccak256 of the ABI-encoded terms
/// @param token Address of the token in `cfg`
/// @param threshold Gateways of the set that must sign
struct Sale {
    Cfg cfg;
    bytes32 termsHash;
    address token;
    uint8 threshold;
}

/// @notice One immutable state of an asset. The registry stores its hash only.
/// @param contentRoot Dataset: Merkle root of the record leaves. Model: SHA-256 of the model file
/// @param consentRoot Merkle root of the consent leaves; zero for a model
/// @param count Number of records
/// @param gatewaySet Same as in the configuration
/// @param eligibility Digest of the rules by which subjects were chosen
/// @param descriptor SHA-256 of the public descriptor (CIDv1 raw)
struct Version {
    bytes32 contentRoot;
    bytes32 consentRoot;
    uint32 count;
    uint24 gatewaySet;
    bytes32 eligibility;
    bytes32 descriptor;
}

/// @notice What a curator states when listing.
/// @param salt Chosen by the curator; with the curator's address it makes the asset's id
/// @param population Source population, or zero to open a new one with `privacyCap`
/// @param privacyCap Cap of a new population, in 10⁻⁹ zCDP rho
struct Listing {
    bytes32 salt;
    uint80 price;
    uint16 token;
    uint24 gatewaySet;
    uint16 custodian;
    uint16 custodianBps;
    uint16 curatorBps;
    uint8 modes;
    uint24 population;
    uint64 privacyCap;
    Terms terms;
}

/// @notice Where a model comes from.
/// @param asset Parent asset; it exists before the child, so lineage has no cycle
/// @param contributorsRoot Contributors of the training receipt; zero for a declared parent
/// @param shareBps Share of every price paid for the model, in basis points
struct Parent {
    uint256 asset;
    bytes32 contributorsRoot;
    uint16 shareBps;
}

/// @notice What proves that a model came out of a training.
/// @param escrow The escrow that settled the training order; a present or earlier one of the registry
/// @param order The training order
/// @param receipt Its receipt
/// @param outputSalt Salt of the receipt's output commitment
/// @param terms Terms of the training dataset, for its least royalty
struct Training {
    address escrow;
    Order order;
    Receipt receipt;
    bytes32 outputSalt;
    Terms terms;
}

/// @notice A source population and the privacy loss spent on it, in 10⁻⁹ zCDP rho.
struct Population {
    uint16 custodian;
    uint64 cap;
    uint64 spent;
}
