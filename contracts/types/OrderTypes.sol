// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

enum OrderKind {
    None,
    Analysis,
    Training,
    Download,
    ModelUse
}

enum OrderState {
    None,
    Funded,
    Delivered,
    Disputed,
    Settled,
    Refunded
}

/// @notice How an arbitrator decides. `None`, a refusal to decide, ends a dispute as silence does: per the receipt.
enum Ruling {
    None,
    Pay,
    Refund
}

/// @notice The fixed part of an order. Its EIP-712 digest, bound to chain and escrow, is the order's id.
/// All members are static, so `abi.encode(TYPEHASH, order)` is EIP-712's `encodeData`.
struct Order {
    address buyer;
    bytes32 salt;
    uint256 asset;
    uint16 version;
    OrderKind kind;
    uint128 uses;
    uint16 country;
    bytes32 disease;
    bytes32 project;
    bytes32 job;
    bytes32 recipientKey;
    bytes32 termsHash;
    uint16 token;
    uint96 price;
    uint96 maxFee;
    uint64 privacyCap;
    uint16 custodianBps;
    uint16 curatorBps;
    uint24 gatewaySet;
    uint8 threshold;
    uint16 custodian;
    address arbitrator;
    uint40 deliverBy;
    uint32 disputeWindow;
    uint32 reportWindow;
}

/// @notice What changes of an order, packed into one slot (136 of 256 bits).
/// @param changedAt When the state was entered; for a reported download when it was reported
/// @param feeBps Protocol fee in force when the order was funded
/// @param cohort Records in the cohort, from the receipt
/// @param released Records released, from the release report of a download
struct OrderStatus {
    OrderState state;
    bool reported;
    uint16 feeBps;
    uint40 changedAt;
    uint32 cohort;
    uint32 released;
}

/// @notice What the executor and its cosigners state about one run (EIP-712).
/// @param order Id of the order
/// @param job Job commitment, as in the order
/// @param algorithm Digest of the algorithm's name and version
/// @param parameters Salted commitment to the parameters
/// @param output Salted commitment to the output; for a training order to the model's SHA-256
/// @param result SHA-256 of the result sealed to the buyer
/// @param inputRoot Merkle root of the cohort's record leaves
/// @param contributorsRoot Merkle root of the cohort's (subject, weight)
/// @param totalWeight Sum of the cohort's weights
/// @param cohort Number of records in the cohort
/// @param excludedRoot Merkle root of the subjects left out beyond what the chain says
/// @param grantBlock Finalized block at which grants were read
/// @param consentBlock Head at signature, at which revocations were read
/// @param consentBlockHash Its hash
/// @param privacyCost Privacy loss charged, in 10⁻⁹ zCDP rho
/// @param logs Digest of the signers' transparency log positions
/// @param attestation 1 = cosigned
struct Receipt {
    bytes32 order;
    bytes32 job;
    bytes32 algorithm;
    bytes32 parameters;
    bytes32 output;
    bytes32 result;
    bytes32 inputRoot;
    bytes32 contributorsRoot;
    uint64 totalWeight;
    uint32 cohort;
    bytes32 excludedRoot;
    uint40 grantBlock;
    uint40 consentBlock;
    bytes32 consentBlockHash;
    uint64 privacyCost;
    bytes32 logs;
    uint8 attestation;
}

/// @notice Why an order could not be carried out (EIP-712).
/// @param reason Code from the gateways' table of reasons
/// @param detail Salted digest of a longer explanation
struct Failure {
    bytes32 order;
    uint16 reason;
    bytes32 detail;
}

/// @notice Which records were released for a download (EIP-712).
/// @param count Number of records released
/// @param root Merkle root of their leaves
struct ReleaseReport {
    bytes32 order;
    uint32 count;
    bytes32 root;
}

/// @notice The buyer is content with what was delivered: it may be paid for at once (EIP-712).
struct Acceptance {
    bytes32 order;
}

/// @notice A gateway's signature. Lists of them are sorted by gateway, without repeats.
struct GatewaySignature {
    uint16 gateway;
    bytes signature;
}

/// @notice ERC-2612 permit of the buyer for the escrow.
struct PermitInput {
    uint256 value;
    uint256 deadline;
    uint8 v;
    bytes32 r;
    bytes32 s;
}
