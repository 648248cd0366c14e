// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AssetStatus} from "../types/AssetTypes.sol";
import {MandateState} from "../types/MandateTypes.sol";
import {ChannelState} from "../types/ChannelTypes.sol";
import {DisputeState, PanelState} from "../types/DisputeTypes.sol";
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
    error ConsentRegistry_NotProvisional(address subject, address codeKey);
    error ConsentRegistry_NotCustodian(uint256 dataset);
    error ConsentRegistry_ControllerNamed(address subject, address controller);
    error ConsentRegistry_ControllerInvalid(address controller);
    error ConsentRegistry_NothingToContest(address subject, uint40 nonce);
    error ConsentRegistry_TooLate(uint40 validUntil);
    error ConsentRegistry_TwoPersonNeeded();
    error ConsentRegistry_NotTwoPerson(address subject);
    error ConsentRegistry_SamePerson(address person);
    error ConsentRegistry_NotProxy(address subject, address proxy);
    error ConsentRegistry_ProxyInvalid(address proxy);
    error ConsentRegistry_RightsInvalid(uint8 rights);

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
    error GatewayRegistry_StakeTooLow(uint16 gateway, uint256 needed, uint256 stake);
    error GatewayRegistry_NothingToWithdraw(uint16 gateway);
    error GatewayRegistry_TooEarly(uint16 gateway, uint256 opensAt);
    error GatewayRegistry_TokenDeltaMismatch(uint256 expected, uint256 received);

    /*//////////////////////////////////////////////////////////////
                           DATA USE AUTHORITY
    //////////////////////////////////////////////////////////////*/

    error DataUseAuthority_AddressZero();
    error DataUseAuthority_KindsUnknown(uint128 kinds);
    error DataUseAuthority_KindUnknown(uint8 kind);
    error DataUseAuthority_TooManyAttestations(uint256 count);
    error DataUseAuthority_IssuerNotListed(uint8 kind, address issuer);
    error DataUseAuthority_AttestationRevoked(uint8 kind, address issuer);
    error DataUseAuthority_AttestationExpired(uint8 kind, uint40 expiry, uint40 until);
    error DataUseAuthority_AttestationInvalid(uint8 kind, address issuer);
    error DataUseAuthority_DescentInvalid(bytes32 disease, bytes32 ancestor);
    error DataUseAuthority_SignatureInvalid(address issuer);

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
    error Payouts_NothingToCollect(uint256 asset);
    error Payouts_NotADataset(uint256 asset);
    error Payouts_NoRecipient(address payee);

    /*//////////////////////////////////////////////////////////////
                          CONTRIBUTOR REWARDS
    //////////////////////////////////////////////////////////////*/

    error ContributorRewards_AmountZero();
    error ContributorRewards_AddressZero();
    error ContributorRewards_TokenDeltaMismatch(uint256 expected, uint256 received);
    error ContributorRewards_EpochOutOfRange(uint40 last, uint256 head, uint40 given);
    error ContributorRewards_RootEmpty();
    error ContributorRewards_RootPending(uint40 epoch, uint40 claimableAt);
    error ContributorRewards_NotFunded(uint128 funded, uint128 total);
    error ContributorRewards_TotalDecreased(uint128 previous, uint128 given);
    error ContributorRewards_SignersNotSorted(uint16 previous, uint16 next);
    error ContributorRewards_SignerOutsideSet(uint16 gateway);
    error ContributorRewards_GatewaySignatureInvalid(uint16 gateway);
    error ContributorRewards_TooFewSigners(uint256 needed, uint256 given);
    error ContributorRewards_NothingPending(uint256 dataset, address token);
    error ContributorRewards_ProofInvalid(uint32 index);
    error ContributorRewards_NotNeighbours(uint32 first, uint32 second);
    error ContributorRewards_FaultNotShown();
    error ContributorRewards_BondMismatch(uint256 expected, uint256 given);
    error ContributorRewards_IndexOutside(uint32 count, uint32 index);
    error ContributorRewards_DemandKnown(uint32 index);
    error ContributorRewards_NotDemanded(uint32 index);
    error ContributorRewards_TooLate(uint256 deadline);
    error ContributorRewards_TooEarly(uint256 opensAt);
    error ContributorRewards_NothingToWithdraw(address account);
    error ContributorRewards_NotController(address subject, address caller);
    error ContributorRewards_SignatureInvalid(address subject);
    error ContributorRewards_Expired(uint40 deadline);
    error ContributorRewards_NothingToClaim(address subject);
    error ContributorRewards_TotalExceeded(address subject);
    error ContributorRewards_TransferRefused(address to);
    error ContributorRewards_TopsInvalid(uint256 dataset, address token);
    error ContributorRewards_NotProvisional(address subject, address codeKey);
    error ContributorRewards_ControllerNamed(address subject, address controller);

    /*//////////////////////////////////////////////////////////////
                            LOG CHECKPOINTS
    //////////////////////////////////////////////////////////////*/

    error LogCheckpoints_AddressZero();
    error LogCheckpoints_Empty();
    error LogCheckpoints_Shrunk(uint64 size, uint64 given);
    error LogCheckpoints_Forked(uint64 size, bytes32 root, bytes32 given);
    error LogCheckpoints_AlreadyPosted(uint64 size);
    error LogCheckpoints_Inconsistent(uint64 size, uint64 given);
    error LogCheckpoints_SignerCountInvalid(uint256 least, uint256 most, uint256 given);
    error LogCheckpoints_SignersNotSorted(uint16 previous, uint16 next);
    error LogCheckpoints_SignatureInvalid(uint16 gateway);
    error LogCheckpoints_OwnSignatureMissing(uint16 gateway);
    error LogCheckpoints_NotEquivocation();
    error LogCheckpoints_AlreadyProven(uint16 gateway, uint64 size);

    /*//////////////////////////////////////////////////////////////
                             USAGE CHANNEL
    //////////////////////////////////////////////////////////////*/

    error UsageChannel_WrongState(bytes32 id, ChannelState state);
    error UsageChannel_NotForUse(uint256 asset);
    error UsageChannel_ConfigurationMismatch(uint256 asset);
    error UsageChannel_FeeMismatch(uint16 expectedBps, uint16 givenBps);
    error UsageChannel_EndPassed(uint40 until);
    error UsageChannel_TermsMismatch(bytes32 expected, bytes32 given);
    error UsageChannel_PurposeNotPermitted(DataUse.Reason reason);
    error UsageChannel_TokenDeltaMismatch(uint256 expected, uint256 received);
    error UsageChannel_NotCustodian(uint16 custodian, address caller);
    error UsageChannel_OtherChannel(bytes32 expected, bytes32 given);
    error UsageChannel_NothingNew(uint88 claimed, uint88 given);
    error UsageChannel_NonceNotRising(uint32 claimed, uint32 given);
    error UsageChannel_SignatureInvalid(address signer);
    error UsageChannel_BalanceTooLow(uint88 balance, uint256 needed);
    error UsageChannel_Closing(bytes32 id, uint40 closesAt);
    error UsageChannel_CloseNotRequested(bytes32 id);
    error UsageChannel_TooEarly(bytes32 id, uint256 opensAt);

    /*//////////////////////////////////////////////////////////////
                                SLASHING
    //////////////////////////////////////////////////////////////*/

    error Slashing_SharesInvalid(uint16 penaltyBps, uint16 rewardBps);
    error Slashing_NotEscrow(address escrow);
    error Slashing_SignatureInvalid(uint16 gateway);
    error Slashing_NotOneBlock();
    error Slashing_SameReceipt();
    error Slashing_OrderMismatch(bytes32 order);
    error Slashing_ConsentBlockUnknown(uint40 consentBlock);
    error Slashing_NotAContributor(address subject);
    error Slashing_NotDenied(address subject);
    error Slashing_NotProven(uint16 gateway, uint64 size);
    error Slashing_AlreadyPunished(bytes32 id);
    error Slashing_NothingAtStake(uint16 gateway);

    /*//////////////////////////////////////////////////////////////
                                 PANELS
    //////////////////////////////////////////////////////////////*/

    error Panels_TermZero();
    error Panels_PenaltyTooHigh(uint16 maximumBps, uint16 givenBps);
    error Panels_NotEscrow(address escrow);
    error Panels_StakeZero();
    error Panels_MemberInvalid(address member);
    error Panels_FloorMissing();
    error Panels_FloorInvalid(uint16 token);
    error Panels_WrongState(address panel, PanelState state);
    error Panels_NotStaked(address panel);
    error Panels_TermOver(address panel, uint40 endedAt);
    error Panels_TermRunning(address panel, uint40 endsAt);
    error Panels_NotPanel(address caller);

    /*//////////////////////////////////////////////////////////////
                                DISPUTES
    //////////////////////////////////////////////////////////////*/

    error Disputes_NotParty(bytes32 order, address caller);
    error Disputes_WrongState(bytes32 order, DisputeState state);
    error Disputes_ChoicesInvalid(uint256 choices, uint256 value);
    error Disputes_OrderMissing(uint256 length);
    error Disputes_OpeningMismatch(bytes32 order);
    error Disputes_SignatureInvalid(address person);
    error Disputes_BondAboveMaximum(uint256 bond, uint128 maximum);
    error Disputes_TokenNotCovered(uint16 token);
    error Disputes_TokenDeltaMismatch(uint256 expected, uint256 received);
    error Disputes_TooFewSeats(bytes32 order, uint8 seats);
    error Disputes_ReceiptMismatch(bytes32 order);
    error Disputes_NotContributor(bytes32 order, address subject);
    error Disputes_EvidenceZero(bytes32 order);
    error Disputes_NoSeat(bytes32 order, address caller);
    error Disputes_ReasonInvalid(uint256 maximum, uint256 length);
    error Disputes_AlreadyVoted(bytes32 order, address member);
    error Disputes_LieWithoutRefund(bytes32 order);
    error Disputes_TooEarly(bytes32 order, uint256 opensAt);
    error Disputes_TooLate(bytes32 order, uint256 deadline);
    error Disputes_NothingToPunish(bytes32 order);
    error Disputes_NotMember(address account);
    error Disputes_Staked(address member);
    error Disputes_Retired();
    error Disputes_AddressZero();
    error Disputes_NothingToWithdraw(address account);
    error Disputes_InOffice();
    error Disputes_StakeBound(uint256 until);
    error Disputes_DisputesOpen(uint256 count);

    /*//////////////////////////////////////////////////////////////
                               GOVERNANCE
    //////////////////////////////////////////////////////////////*/

    error Bounds_Exceeded(uint256 value, uint256 least, uint256 most);
    error Treasury_AddressZero();
    error Treasury_AmountZero();
    error Treasury_NothingCollected(address token);
    error Treasury_CapExceeded(address token, uint256 amount, uint256 most);
    error Treasury_AlreadyAnnounced(bytes32 id);
    error Treasury_NotAnnounced(bytes32 id);
    error Treasury_TooEarly(bytes32 id, uint256 from);
    error Treasury_TooLate(bytes32 id, uint256 until);
    error SalusGovernor_Fixed();
    error SalusGovernor_NoCode(address account);
    error SalusGovernor_CodeChanged(address account, bytes32 expected);
    error SalusGovernor_TargetChanged(uint256 proposalId);
    error SalusGovernor_VotesTooFresh(address proposer, uint256 held, uint256 threshold);
    error SalusGovernor_ProposalOpen(address proposer, uint256 proposalId);
    error SalusToken_LengthMismatch(uint256 holders, uint256 amounts);
    error SalusToken_NotMinter(address caller);
    error TestDollar_OnlyLocal(uint256 chainId);

    /*//////////////////////////////////////////////////////////////
                                ISSUANCE
    //////////////////////////////////////////////////////////////*/

    error Issuance_SupplyZero();
    error Issuance_FloorOutOfRange(uint256 minimum, uint256 maximum, uint256 given);
    error Issuance_NotSettled(bytes32 order, OrderState state);
    error Issuance_OtherToken(address expected, address given);
    error Issuance_NoFee(bytes32 order);
    error Issuance_BeforeStart(bytes32 order, uint256 start);
    error Issuance_TooLate(bytes32 order, uint256 deadline);
    error Issuance_AlreadyRegistered(bytes32 order);
    error Issuance_NotRegistered(bytes32 order);
    error Issuance_EpochRunning(uint32 epoch, uint256 endsAt);
    error Issuance_EpochClosed(uint32 epoch);
    error Issuance_TooEarly(bytes32 order, uint256 opensAt);
    error Issuance_AlreadyMinted(bytes32 order);
}
