// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AssetStatus} from "../types/AssetTypes.sol";
import {MandateState} from "../types/MandateTypes.sol";
import {OrderKind, OrderState} from "../types/OrderTypes.sol";
import {DataUse} from "./DataUse.sol";

/// @title Errors
/// @notice Every error of the protocol. A name states the rule that was broken; the arguments are the values that broke it.
library Errors {
    /*//////////////////////////////////////////////////////////////
                             ASSET REGISTRY
    //////////////////////////////////////////////////////////////*/

    error AssetRegistry_NotCurator(uint256 asset, address caller);
    error AssetRegistry_NotCustodian(uint256 asset, address caller);
    error AssetRegistry_NotListed(uint256 asset, AssetStatus status);
    error AssetRegistry_NotFrozen(uint256 asset, AssetStatus status);
    error AssetRegistry_NoticeRunning(uint256 asset, uint40 until);
    error AssetRegistry_NotEscrow(address caller);
    error AssetRegistry_EmptyVersion();
    error AssetRegistry_ModesInvalid(uint8 modes);
    error AssetRegistry_SharesExceedWhole(uint256 sharesBps);
    error AssetRegistry_TokenNotAllowed(uint16 token);
    error AssetRegistry_TokenKnown(address token);
    error AssetRegistry_GatewayNotActive(uint16 gateway);
    error AssetRegistry_CustodianOutsideSet(uint16 custodian, uint24 gatewaySet);
    error AssetRegistry_GatewaySetFixed(uint24 expected, uint24 given);
    error AssetRegistry_CustodyNotSigned(uint16 custodian);
    error AssetRegistry_PopulationOfOther(uint24 population, uint16 custodian);
    error AssetRegistry_PrivacyCapExceeded(uint24 population, uint64 cap, uint256 wouldBe);
    error AssetRegistry_PrivacyCapZero();
    error AssetRegistry_TermsMismatch(uint256 asset, bytes32 expected, bytes32 given);
    error AssetRegistry_TooManyParents(uint256 count);
    error AssetRegistry_ParentUnknown(uint256 asset);
    error AssetRegistry_ParentSharesMismatch(uint256 expectedBps, uint256 givenBps);
    error AssetRegistry_ParentSharesTooHigh(uint256 sharesBps);
    error AssetRegistry_LineageTooDeep(uint8 maximum, uint8 depth);
    error AssetRegistry_RoyaltyTooHigh(uint16 maximumBps, uint16 givenBps);
    error AssetRegistry_RoyaltyTooLow(uint16 leastBps, uint16 givenBps);
    error AssetRegistry_NotTrainedByReceipt(bytes32 order, bytes32 model);
    error AssetRegistry_TrainingParentMissing(uint256 dataset, bytes32 contributorsRoot);

    /*//////////////////////////////////////////////////////////////
                            CONSENT REGISTRY
    //////////////////////////////////////////////////////////////*/

    error ConsentRegistry_NotSubject(address subject, address caller);
    error ConsentRegistry_NonceMismatch(uint40 expected, uint40 given);
    error ConsentRegistry_NonceOutOfReach(uint40 current, uint40 given);
    error ConsentRegistry_SignatureInvalid(address subject);
    error ConsentRegistry_LengthMismatch(uint256 items, uint256 signatures);

    /*//////////////////////////////////////////////////////////////
                            GATEWAY REGISTRY
    //////////////////////////////////////////////////////////////*/

    error GatewayRegistry_AddressZero();
    error GatewayRegistry_SignerKnown(address signer);
    error GatewayRegistry_NotOperator(uint16 gateway, address caller);
    error GatewayRegistry_NotActive(uint16 gateway);
    error GatewayRegistry_SetSizeInvalid(uint256 size);
    error GatewayRegistry_SetNotSorted(uint16 previous, uint16 next);
    error GatewayRegistry_ThresholdInvalid(uint8 threshold, uint256 size);

    /*//////////////////////////////////////////////////////////////
                             ACCESS ESCROW
    //////////////////////////////////////////////////////////////*/

    error AccessEscrow_FeeTooHigh(uint16 maximumBps, uint16 givenBps);
    error AccessEscrow_NotBuyer(bytes32 order);
    error AccessEscrow_WrongState(bytes32 order, OrderState state);
    error AccessEscrow_WrongKind(bytes32 order, OrderKind kind);
    error AccessEscrow_AssetNotListed(uint256 asset);
    error AccessEscrow_VersionNotCurrent(uint16 current, uint16 given);
    error AccessEscrow_ModeNotPermitted(uint8 permitted, uint8 needed);
    error AccessEscrow_PurposeNotPermitted(DataUse.Reason reason);
    error AccessEscrow_TermsMismatch(bytes32 expected, bytes32 given);
    error AccessEscrow_ConfigurationMismatch(uint256 asset);
    error AccessEscrow_PriceMismatch(uint96 expected, uint96 given);
    error AccessEscrow_FeeAboveMaximum(uint256 fee, uint96 maximum);
    error AccessEscrow_DeadlineOutOfRange(uint40 given, uint256 earliest, uint256 latest);
    error AccessEscrow_WindowMismatch();
    error AccessEscrow_RecipientKeyZero();
    error AccessEscrow_TokenDeltaMismatch(uint256 expected, uint256 received);
    error AccessEscrow_TooLate(bytes32 order, uint256 deadline);
    error AccessEscrow_TooEarly(bytes32 order, uint256 opensAt);
    error AccessEscrow_ReceiptMismatch(bytes32 order);
    error AccessEscrow_ConsentBlockUnknown(uint40 consentBlock);
    error AccessEscrow_GrantBlockAfterConsentBlock(uint40 grantBlock, uint40 consentBlock);
    error AccessEscrow_PrivacyCostAboveCap(uint64 cap, uint64 cost);
    error AccessEscrow_SignersNotSorted(uint16 previous, uint16 next);
    error AccessEscrow_SignerOutsideSet(uint16 gateway);
    error AccessEscrow_SignatureInvalid(uint16 gateway);
    error AccessEscrow_TooFewSigners(uint256 needed, uint256 given);
    error AccessEscrow_ExecutorMissing(uint16 custodian);
    error AccessEscrow_ReleaseAboveCohort(uint32 cohort, uint32 released);
    error AccessEscrow_AlreadyReported(bytes32 order);
    error AccessEscrow_NotReported(bytes32 order);
    error AccessEscrow_CohortEmpty(bytes32 order);
    error AccessEscrow_ArbitratorMismatch(address expected, address given);
    error AccessEscrow_NotArbitrator(bytes32 order, address caller);

    /*//////////////////////////////////////////////////////////////
                                MANDATES
    //////////////////////////////////////////////////////////////*/

    error Mandates_NotBuyer(bytes32 mandate);
    error Mandates_WrongState(bytes32 mandate, MandateState state);
    error Mandates_NoRuns();
    error Mandates_TooLate(bytes32 mandate, uint256 deadline);
    error Mandates_TooEarly(bytes32 mandate, uint256 opensAt);
    error Mandates_AssetNotListed(uint256 asset);
    error Mandates_ConfigurationMismatch(uint256 asset);
    error Mandates_NoNewVersion(bytes32 mandate, uint16 lastVersion);
    error Mandates_PriceAboveMaximum(uint256 price, uint96 maximum);
    error Mandates_FeeAboveMaximum(uint256 fee, uint96 maximum);
    error Mandates_TokenDeltaMismatch(uint256 expected, uint256 received);

    /*//////////////////////////////////////////////////////////////
                                PAYOUTS
    //////////////////////////////////////////////////////////////*/

    error Payouts_NotFunded(uint256 expected, uint256 received);
    error Payouts_NothingToWithdraw(address payee);
    error Payouts_NothingToDistribute(uint256 asset);
    error Payouts_LineageMismatch(uint256 asset);
    error Payouts_AddressZero();

    /*//////////////////////////////////////////////////////////////
                               GOVERNANCE
    //////////////////////////////////////////////////////////////*/

    error SalusToken_LengthMismatch(uint256 holders, uint256 amounts);
    error TestDollar_OnlyLocal(uint256 chainId);
}
