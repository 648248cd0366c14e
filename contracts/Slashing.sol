// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IAccessEscrow} from "./interfaces/IAccessEscrow.sol";
import {IAssetRegistry} from "./interfaces/IAssetRegistry.sol";
import {IConsentRegistry} from "./interfaces/IConsentRegistry.sol";
import {IGatewayRegistry} from "./interfaces/IGatewayRegistry.sol";
import {IGatewayStakes} from "./interfaces/IGatewayStakes.sol";
import {ILogCheckpoints} from "./interfaces/ILogCheckpoints.sol";
import {Credit, IPayouts} from "./interfaces/IPayouts.sol";
import {Contributor, ISlashing, Offence} from "./interfaces/ISlashing.sol";
import {BlockHashes} from "./libraries/BlockHashes.sol";
import {DataUse} from "./libraries/DataUse.sol";
import {Errors} from "./libraries/Errors.sol";
import {Modes} from "./libraries/Modes.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {ConsentSlot} from "./types/ConsentTypes.sol";
import {Order, Receipt} from "./types/OrderTypes.sol";

/// @title Slashing
/// @notice See `ISlashing`, which holds the rules.
contract Slashing is ISlashing {
    using SafeERC20 for IERC20;

    /// @notice The contracts that proofs are about, and those that the money moves through.
    struct Parts {
        IGatewayRegistry gateways;
        IAssetRegistry assets;
        IConsentRegistry consents;
        ILogCheckpoints logs;
        IPayouts payouts;
        address commons;
    }

    uint256 public constant WHOLE_BPS = 10_000;
    /// @notice Above a half, reporting oneself would save more of a stake than it costs.
    uint16 public constant MAX_REWARD_BPS = 5_000;

    IGatewayRegistry public immutable gateways;
    IAssetRegistry public immutable assets;
    IConsentRegistry public immutable consents;
    ILogCheckpoints public immutable logs;
    IPayouts public immutable payouts;
    address public immutable commons;
    /// @notice Part of the stake that an offence costs.
    uint16 public immutable penaltyBps;
    /// @notice Part of the penalty that the reporter gets.
    uint16 public immutable rewardBps;

    mapping(bytes32 id => bool) private _punished;

    constructor(Parts memory parts, uint16 penaltyBps_, uint16 rewardBps_) {
        if (penaltyBps_ == 0 || penaltyBps_ > WHOLE_BPS || rewardBps_ > MAX_REWARD_BPS) {
            revert Errors.Slashing_SharesInvalid(penaltyBps_, rewardBps_);
        }
        gateways = parts.gateways;
        assets = parts.assets;
        consents = parts.consents;
        logs = parts.logs;
        payouts = parts.payouts;
        commons = parts.commons;
        penaltyBps = penaltyBps_;
        rewardBps = rewardBps_;
    }

    /*//////////////////////////////////////////////////////////////
                                REPORTS
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc ISlashing
    function reportTwoReceipts(
        IAccessEscrow escrow,
        uint16 gateway,
        Receipt calldata first,
        bytes calldata firstSignature,
        Receipt calldata second,
        bytes calldata secondSignature
    ) external returns (uint256 amount) {
        if (
            first.order != second.order ||
            first.consentBlock != second.consentBlock ||
            first.consentBlockHash != second.consentBlockHash
        ) revert Errors.Slashing_NotOneBlock();
        if (keccak256(abi.encode(first)) == keccak256(abi.encode(second))) {
            revert Errors.Slashing_SameReceipt();
        }
        _checkReceipt(escrow, gateway, first, firstSignature);
        _checkReceipt(escrow, gateway, second, secondSignature);
        bytes32 id = orderOffenceId(Offence.TwoReceipts, gateway, first.order, first.consentBlockHash);
        return _punish(gateway, Offence.TwoReceipts, id, msg.sender);
    }

    /// @inheritdoc ISlashing
    function reportDeniedContributor(
        IAccessEscrow escrow,
        uint16 gateway,
        Order calldata order,
        Receipt calldata receipt,
        bytes calldata signature,
        Contributor calldata contributor,
        bytes32[] calldata proof
    ) external returns (uint256 amount) {
        _checkReceipt(escrow, gateway, receipt, signature);
        if (escrow.hashOrder(order) != receipt.order) revert Errors.Slashing_OrderMismatch(receipt.order);
        _checkOnChain(escrow, receipt);
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(contributor))));
        if (!MerkleProof.verifyCalldata(proof, receipt.contributorsRoot, leaf)) {
            revert Errors.Slashing_NotAContributor(contributor.subject);
        }
        _checkDenied(order, contributor.subject, receipt.consentBlock);
        bytes32 id = orderOffenceId(
            Offence.DeniedContributor,
            gateway,
            receipt.order,
            receipt.consentBlockHash
        );
        return _punish(gateway, Offence.DeniedContributor, id, msg.sender);
    }

    /// @inheritdoc ISlashing
    function reportEquivocation(uint16 gateway, uint64 size) external returns (uint256 amount) {
        address reporter = logs.equivocationOf(gateway, size);
        if (reporter == address(0)) revert Errors.Slashing_NotProven(gateway, size);
        return _punish(gateway, Offence.Equivocation, equivocationId(gateway, size), reporter);
    }

    /*//////////////////////////////////////////////////////////////
                                 VIEWS
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc ISlashing
    function isPunished(bytes32 id) external view returns (bool) {
        return _punished[id];
    }

    /// @inheritdoc ISlashing
    function orderOffenceId(
        Offence offence,
        uint16 gateway,
        bytes32 order,
        bytes32 consentBlockHash
    ) public pure returns (bytes32) {
        return keccak256(abi.encode(offence, gateway, order, consentBlockHash));
    }

    /// @inheritdoc ISlashing
    function equivocationId(uint16 gateway, uint64 size) public pure returns (bytes32) {
        return keccak256(abi.encode(Offence.Equivocation, gateway, size));
    }

    /*//////////////////////////////////////////////////////////////
                                INTERNAL
    //////////////////////////////////////////////////////////////*/

    /// @dev Only escrows that were voted in: else anyone could write one that hashes receipts as it likes. A removed
    /// gateway answers for what it signed.
    function _checkReceipt(
        IAccessEscrow escrow,
        uint16 gateway,
        Receipt calldata receipt,
        bytes calldata signature
    ) private view {
        if (!assets.isEscrow(address(escrow))) revert Errors.Slashing_NotEscrow(address(escrow));
        address signer = gateways.gatewayOf(gateway).signer;
        if (signer == address(0) || !Signatures.isValid(signer, escrow.hashReceipt(receipt), signature)) {
            revert Errors.Slashing_SignatureInvalid(gateway);
        }
    }

    /// @dev On another branch of the chain the slot may have said yes: only a block of this chain tells.
    function _checkOnChain(IAccessEscrow escrow, Receipt calldata receipt) private view {
        bytes32 known = BlockHashes.get(receipt.consentBlock);
        if (known != 0 && known == receipt.consentBlockHash) return;
        if (known == 0 && escrow.receiptHashOf(receipt.order) == keccak256(abi.encode(receipt))) return;
        revert Errors.Slashing_ConsentBlockUnknown(receipt.consentBlock);
    }

    function _checkDenied(Order calldata order, address subject, uint40 consentBlock) private view {
        ConsentSlot memory slot = consents.slotOf(order.asset, subject);
        bool known = slot.changedAt != 0 && slot.changedAt <= consentBlock;
        uint8 mode = Modes.needed(order.kind);
        bool permitted = DataUse.covers(slot.purposes, order.uses) && slot.modes & mode == mode;
        if (!known || permitted) revert Errors.Slashing_NotDenied(subject);
    }

    function _punish(
        uint16 gateway,
        Offence offence,
        bytes32 id,
        address reporter
    ) private returns (uint256 amount) {
        // Check: an offence without a stake stays open, so that nobody uses it up while there is nothing to lose.
        if (_punished[id]) revert Errors.Slashing_AlreadyPunished(id);
        IGatewayStakes stakes = IGatewayStakes(address(gateways));
        uint256 stake = stakes.stakeOf(gateway).amount;
        if (stake == 0) revert Errors.Slashing_NothingAtStake(gateway);
        // Rounded up: a stake of one unit is lost as well.
        amount = (stake * penaltyBps + WHOLE_BPS - 1) / WHOLE_BPS;
        uint256 reward = (amount * rewardBps) / WHOLE_BPS;
        // Effect
        _punished[id] = true;
        emit Slashed(gateway, offence, id, reporter, amount, reward);
        // Interaction
        stakes.slash(gateway, uint128(amount));
        Credit[] memory credits = new Credit[](2);
        credits[0] = Credit(reporter, reward);
        credits[1] = Credit(commons, amount - reward);
        IERC20 token = IERC20(stakes.stakeToken());
        token.safeTransfer(address(payouts), amount);
        payouts.deposit(address(token), credits, 0, 0, id);
    }
}
