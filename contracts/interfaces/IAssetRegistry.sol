// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Cfg, Listing, Parent, Population, Sale, Training, Version} from "../types/AssetTypes.sol";
import {Terms} from "../types/DataUseTypes.sol";

/// @title IAssetRegistry
/// @notice Datasets and models as tokens of one collection: terms, prices, shares, versions, lineage, privacy caps.
/// @dev The owner of a token is the asset's curator. Digests only; what they stand for is in the events and at gateways.
interface IAssetRegistry {
    event AssetListed(uint256 indexed asset, address indexed curator, Listing listing, bytes32 termsHash);
    event VersionAdded(uint256 indexed asset, uint16 indexed version, Version content);
    event ModelPublished(uint256 indexed asset, bytes32 indexed trainingOrder, Parent[] parents);
    event PriceChanged(uint256 indexed asset, uint80 price);
    event AssetFrozen(uint256 indexed asset, uint40 noticeEnds);
    event AssetAccepted(uint256 indexed asset, address indexed curator);
    event AssetDelisted(uint256 indexed asset);
    event TokenAllowed(uint16 indexed index, address indexed token);
    event EscrowChanged(address indexed escrow);
    event PopulationCreated(uint24 indexed population, uint16 indexed custodian, uint64 cap);
    event PrivacySpent(uint24 indexed population, uint256 indexed asset, uint64 cost, uint64 spent);

    /// @notice Lists a dataset with its first version.
    /// @param custodySignature EIP-712 `Custody` by the custodian's operator; may be empty if the operator is the sender
    /// @return asset Its id
    function list(
        Listing calldata listing,
        Version calldata version,
        bytes calldata custodySignature
    ) external returns (uint256 asset);

    /// @notice Publishes a model whose file is the output of a settled training order of the sender.
    /// @param listing `modes` must be `Modes.MODEL_USE`; shares and parents' shares together make the whole
    /// @param version `contentRoot` is the SHA-256 of the model file
    /// @param parents The training dataset first (with the receipt's contributors root), then declared parents; a model
    /// is at most three hops from the datasets it comes from
    /// @param training The settled training order that put the model out
    function publish(
        Listing calldata listing,
        Version calldata version,
        Parent[] calldata parents,
        Training calldata training,
        bytes calldata custodySignature
    ) external returns (uint256 asset);

    /// @notice Adds a version. Curator or custodian's operator; the gateway set cannot change.
    function addVersion(uint256 asset, Version calldata version) external returns (uint16 number);

    /// @notice Changes the price of new orders. Curator only.
    function setPrice(uint256 asset, uint80 price) external;

    /// @notice Ends the sale; funded orders are refundable. Curator or custodian's operator. Final.
    function delist(uint256 asset) external;

    /// @notice The custodian accepts a new curator after a transfer froze the asset, once subjects have had notice.
    /// @dev Every transfer starts the notice anew; funded orders go on meanwhile.
    function accept(uint256 asset) external;

    /// @notice Allows a token as means of payment. By vote only.
    function allowToken(address token) external returns (uint16 index);

    /// @notice Points new orders at an escrow; earlier ones keep their rights until they have drained. By vote only.
    function setEscrow(address escrow) external;

    /// @notice Adds a receipt's privacy cost to its population's account. Escrows only.
    function spendPrivacy(uint256 asset, uint64 cost) external;

    /// @notice The id of an asset is known before it is listed, since records and pseudonyms are bound to it.
    function assetIdOf(address curator, bytes32 salt) external pure returns (uint256);

    function cfgOf(uint256 asset) external view returns (Cfg memory);

    /// @notice On which terms an asset is for sale now.
    function saleOf(uint256 asset) external view returns (Sale memory);

    function termsHashOf(uint256 asset) external view returns (bytes32);

    function versionHashOf(uint256 asset, uint16 version) external view returns (bytes32);

    /// @notice keccak256 of the ABI-encoded parents; zero for a dataset.
    function lineageHashOf(uint256 asset) external view returns (bytes32);

    /// @notice Hops from a model down to the farthest dataset it comes from; zero for a dataset.
    function depthOf(uint256 asset) external view returns (uint8);

    /// @notice When the notice of a frozen asset's transfer ends; zero for one that never changed hands.
    function noticeEndOf(uint256 asset) external view returns (uint40);

    /// @notice Seconds between a transfer and the earliest acceptance; fixed at deployment.
    function noticePeriod() external view returns (uint32);

    function populationOf(uint24 population) external view returns (Population memory);

    function tokenAt(uint16 index) external view returns (address);

    /// @notice The escrow of new orders.
    function escrow() external view returns (address);

    /// @notice Whether a contract is or was the escrow.
    function isEscrow(address escrow) external view returns (bool);

    function hashTerms(Terms calldata terms) external pure returns (bytes32);
}
