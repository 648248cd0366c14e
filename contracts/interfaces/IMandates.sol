// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Terms} from "../types/DataUseTypes.sol";
import {Cancellation, Mandate, MandateStatus} from "../types/MandateTypes.sol";
import {PermitInput} from "../types/OrderTypes.sol";

/// @title IMandates
/// @notice Standing orders: prepaid runs of one job on the new versions of one asset. Each run is an ordinary order of the
/// mandate's buyer; its salt is `keccak256(abi.encode(mandate, run, version))`, so its id names all three.
/// @dev Made by the escrow, without an administrator. Only the buyer opens or cancels a mandate; anyone funds a run of it
/// or closes one that can have no more runs. What a run does not cost stays in the mandate; a run that fails is refunded
/// to the buyer by the escrow like any order. Money leaves a mandate to the escrow for a run or back to its buyer, and in
/// no other way.
interface IMandates {
    /// @notice Why a mandate ended.
    enum CloseReason {
        Completed,
        Cancelled,
        Expired,
        Delisted
    }

    event MandateCreated(
        bytes32 indexed id,
        address indexed buyer,
        uint256 indexed asset,
        Mandate mandate,
        uint256 prepaid
    );
    event MandateRun(
        bytes32 indexed id,
        bytes32 indexed order,
        uint256 indexed asset,
        uint16 run,
        uint16 version,
        uint256 paid
    );
    event MandateClosed(bytes32 indexed id, uint256 indexed asset, CloseReason reason, uint256 returned);

    /// @notice Opens a mandate and takes `runs × (maxPrice + maxFee)` from the buyer's allowance.
    /// @param buyerSignature The buyer's signature over the id; may be empty if the buyer is the sender
    function create(Mandate calldata mandate, bytes calldata buyerSignature) external returns (bytes32 id);

    /// @notice The same after an ERC-2612 permit of the buyer. A permit that was already used does no harm.
    function createWithPermit(
        Mandate calldata mandate,
        bytes calldata buyerSignature,
        PermitInput calldata permit
    ) external returns (bytes32 id);

    /// @notice Funds the run on the asset's current version, at its current price. Anyone may; one run a version.
    /// @param terms The dataset's terms, in full
    /// @param evidence What the terms ask to be shown, as in `AccessEscrow.fund`; whoever runs brings what holds then
    /// @return order Id of the order that was funded
    function run(
        Mandate calldata mandate,
        Terms calldata terms,
        bytes calldata evidence
    ) external returns (bytes32 order);

    /// @notice The buyer ends a mandate; what is unspent goes back. Orders funded before go on.
    /// @param buyerSignature EIP-712 `Cancellation` by the buyer; may be empty if the buyer is the sender
    function cancel(Mandate calldata mandate, bytes calldata buyerSignature) external;

    /// @notice Ends a mandate whose time is over or whose asset is delisted; what is unspent goes back. Anyone may.
    function close(Mandate calldata mandate) external;

    function statusOf(bytes32 id) external view returns (MandateStatus memory);

    function hashMandate(Mandate calldata mandate) external view returns (bytes32);

    function hashCancellation(Cancellation memory cancellation) external view returns (bytes32);
}
