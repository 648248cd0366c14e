// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Mandate} from "../../../contracts/types/MandateTypes.sol";
import {Attestation, AttestationRevocation} from "../../../contracts/types/DataUseTypes.sol";
import {
    Contest,
    Grant,
    HandOver,
    ProxyGrant,
    ProxyNaming,
    ProxyRemoval,
    ProxyRevocation,
    Revocation
} from "../../../contracts/types/ConsentTypes.sol";
import {Channel, UsageReceipt, Voucher} from "../../../contracts/types/ChannelTypes.sol";
import {Checkpoint} from "../../../contracts/types/LogTypes.sol";
import {Failure, Order, Receipt, ReleaseReport} from "../../../contracts/types/OrderTypes.sol";

/// @title Digests
/// @notice EIP-712 digests written out member by member, apart from the contracts' own: what a wallet would sign.
library Digests {
    bytes32 private constant DOMAIN = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );

    function domain(string memory name, address verifier) internal view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN, keccak256(bytes(name)), keccak256("1"), block.chainid, verifier));
    }

    function typed(bytes32 separator, bytes32 structHash) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", separator, structHash));
    }

    function order(Order memory o, address escrow) internal view returns (bytes32) {
        return typed(domain("Salus AccessEscrow", escrow), orderStruct(o));
    }

    function receipt(Receipt memory r, address escrow) internal view returns (bytes32) {
        return typed(domain("Salus AccessEscrow", escrow), receiptStruct(r));
    }

    function failure(Failure memory f, address escrow) internal view returns (bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("Failure(bytes32 order,uint16 reason,bytes32 detail)"),
                f.order,
                uint256(f.reason),
                f.detail
            )
        );
        return typed(domain("Salus AccessEscrow", escrow), structHash);
    }

    function acceptance(bytes32 orderId, address escrow) internal view returns (bytes32) {
        bytes32 structHash = keccak256(abi.encode(keccak256("Acceptance(bytes32 order)"), orderId));
        return typed(domain("Salus AccessEscrow", escrow), structHash);
    }

    function mandate(Mandate memory m, address mandates) internal view returns (bytes32) {
        return typed(domain("Salus Mandates", mandates), mandateStruct(m));
    }

    function cancellation(bytes32 mandateId, address mandates) internal view returns (bytes32) {
        bytes32 structHash = keccak256(abi.encode(keccak256("Cancellation(bytes32 mandate)"), mandateId));
        return typed(domain("Salus Mandates", mandates), structHash);
    }

    function report(ReleaseReport memory r, address escrow) internal view returns (bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("ReleaseReport(bytes32 order,uint32 count,bytes32 root)"),
                r.order,
                uint256(r.count),
                r.root
            )
        );
        return typed(domain("Salus AccessEscrow", escrow), structHash);
    }

    function attestation(Attestation memory a, address authority) internal view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Attestation(uint8 kind,address issuer,address buyer,uint256 dataset,uint128 uses,uint16 country,bytes32 disease,bytes32 project,uint40 expiry,bytes32 salt)"
        );
        bytes memory first = abi.encode(typeHash, uint256(a.kind), a.issuer, a.buyer, a.dataset);
        bytes memory second = abi.encode(
            uint256(a.uses),
            uint256(a.country),
            a.disease,
            a.project,
            uint256(a.expiry),
            a.salt
        );
        return typed(domain("Salus DataUseAuthority", authority), keccak256(bytes.concat(first, second)));
    }

    function attestationRevocation(
        AttestationRevocation memory r,
        address authority
    ) internal view returns (bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("AttestationRevocation(address issuer,bytes32 attestation)"),
                r.issuer,
                r.attestation
            )
        );
        return typed(domain("Salus DataUseAuthority", authority), structHash);
    }

    function grant(Grant memory g, address registry) internal view returns (bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "Grant(uint256 dataset,address subject,uint128 purposes,uint40 expiry,uint8 modes,uint40 nonce)"
                ),
                g.dataset,
                g.subject,
                uint256(g.purposes),
                uint256(g.expiry),
                uint256(g.modes),
                uint256(g.nonce)
            )
        );
        return typed(domain("Salus ConsentRegistry", registry), structHash);
    }

    function revocation(Revocation memory r, address registry) internal view returns (bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("Revocation(uint256 dataset,address subject,uint40 maxNonce)"),
                r.dataset,
                r.subject,
                uint256(r.maxNonce)
            )
        );
        return typed(domain("Salus ConsentRegistry", registry), structHash);
    }

    function mandateStruct(Mandate memory m) internal pure returns (bytes32) {
        bytes memory first = abi.encode(
            keccak256(
                bytes.concat(
                    "Mandate(address buyer,bytes32 salt,uint256 asset,uint16 afterVersion,uint8 kind,uint128 uses,",
                    "uint16 country,bytes32 disease,bytes32 project,bytes32 job,bytes32 recipientKey,",
                    "bytes32 termsHash,uint16 token,uint96 maxPrice,uint96 maxFee,uint64 privacyCap,",
                    "address arbitrator,uint16 runs,uint32 interval,uint40 until)"
                )
            ),
            m.buyer,
            m.salt,
            m.asset,
            uint256(m.afterVersion),
            uint256(m.kind),
            uint256(m.uses),
            uint256(m.country),
            m.disease,
            m.project
        );
        bytes memory second = abi.encode(
            m.job,
            m.recipientKey,
            m.termsHash,
            uint256(m.token),
            uint256(m.maxPrice),
            uint256(m.maxFee),
            uint256(m.privacyCap),
            m.arbitrator,
            uint256(m.runs),
            uint256(m.interval),
            uint256(m.until)
        );
        return keccak256(bytes.concat(first, second));
    }

    function handOver(HandOver memory h, address registry) internal view returns (bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "HandOver(uint256 dataset,address subject,address controller,uint40 nonce,uint40 validUntil)"
                ),
                h.dataset,
                h.subject,
                h.controller,
                uint256(h.nonce),
                uint256(h.validUntil)
            )
        );
        return typed(domain("Salus ConsentRegistry", registry), structHash);
    }

    function contest(Contest memory c, address registry) internal view returns (bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("Contest(uint256 dataset,address subject,uint40 nonce)"),
                c.dataset,
                c.subject,
                uint256(c.nonce)
            )
        );
        return typed(domain("Salus ConsentRegistry", registry), structHash);
    }

    function proxyNaming(ProxyNaming memory p, address registry) internal view returns (bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "ProxyNaming(uint256 dataset,address subject,address proxy,uint8 rights,uint40 expiry,uint40 nonce)"
                ),
                p.dataset,
                p.subject,
                p.proxy,
                uint256(p.rights),
                uint256(p.expiry),
                uint256(p.nonce)
            )
        );
        return typed(domain("Salus ConsentRegistry", registry), structHash);
    }

    function proxyRemoval(ProxyRemoval memory r, address registry) internal view returns (bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("ProxyRemoval(uint256 dataset,address subject,address proxy,uint40 since)"),
                r.dataset,
                r.subject,
                r.proxy,
                uint256(r.since)
            )
        );
        return typed(domain("Salus ConsentRegistry", registry), structHash);
    }

    function proxyGrant(ProxyGrant memory p, address registry) internal view returns (bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    bytes.concat(
                        "ProxyGrant(uint256 dataset,address subject,uint128 purposes,uint40 expiry,uint8 modes,",
                        "uint40 nonce,address proxy,uint40 since)"
                    )
                ),
                p.dataset,
                p.subject,
                uint256(p.purposes),
                uint256(p.expiry),
                uint256(p.modes),
                uint256(p.nonce),
                p.proxy,
                uint256(p.since)
            )
        );
        return typed(domain("Salus ConsentRegistry", registry), structHash);
    }

    function proxyRevocation(ProxyRevocation memory p, address registry) internal view returns (bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "ProxyRevocation(uint256 dataset,address subject,uint40 maxNonce,address proxy,uint40 since)"
                ),
                p.dataset,
                p.subject,
                uint256(p.maxNonce),
                p.proxy,
                uint256(p.since)
            )
        );
        return typed(domain("Salus ConsentRegistry", registry), structHash);
    }

    function checkpoint(Checkpoint memory c, address logs) internal view returns (bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("Checkpoint(uint16 gateway,uint64 size,bytes32 root)"),
                uint256(c.gateway),
                uint256(c.size),
                c.root
            )
        );
        return typed(domain("Salus LogCheckpoints", logs), structHash);
    }

    function channel(Channel memory c, address channels) internal view returns (bytes32) {
        bytes memory first = abi.encode(
            keccak256(
                bytes.concat(
                    "Channel(address payer,bytes32 salt,uint256 asset,uint16 version,uint128 uses,uint16 country,",
                    "bytes32 disease,bytes32 project,bytes32 termsHash,uint16 token,uint80 price,uint16 feeBps,",
                    "uint16 custodianBps,uint16 curatorBps,uint16 custodian,uint40 until,uint88 deposit)"
                )
            ),
            c.payer,
            c.salt,
            c.asset,
            uint256(c.version),
            uint256(c.uses),
            uint256(c.country),
            c.disease,
            c.project
        );
        bytes memory second = abi.encode(
            c.termsHash,
            uint256(c.token),
            uint256(c.price),
            uint256(c.feeBps),
            uint256(c.custodianBps),
            uint256(c.curatorBps),
            uint256(c.custodian),
            uint256(c.until),
            uint256(c.deposit)
        );
        return typed(domain("Salus UsageChannel", channels), keccak256(bytes.concat(first, second)));
    }

    function voucher(Voucher memory v, address channels) internal view returns (bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("Voucher(bytes32 channel,uint32 nonce,uint88 amount)"),
                v.channel,
                uint256(v.nonce),
                uint256(v.amount)
            )
        );
        return typed(domain("Salus UsageChannel", channels), structHash);
    }

    function closing(bytes32 id, uint88 amount, address channels) internal view returns (bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(keccak256("Closing(bytes32 channel,uint88 amount)"), id, uint256(amount))
        );
        return typed(domain("Salus UsageChannel", channels), structHash);
    }

    function closeRequest(bytes32 id, address channels) internal view returns (bytes32) {
        bytes32 structHash = keccak256(abi.encode(keccak256("CloseRequest(bytes32 channel)"), id));
        return typed(domain("Salus UsageChannel", channels), structHash);
    }

    function usageReceipt(UsageReceipt memory r, address channels) internal view returns (bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "UsageReceipt(bytes32 channel,uint32 nonce,bytes32 model,bytes32 input,bytes32 output)"
                ),
                r.channel,
                uint256(r.nonce),
                r.model,
                r.input,
                r.output
            )
        );
        return typed(domain("Salus UsageChannel", channels), structHash);
    }

    function orderStruct(Order memory o) internal pure returns (bytes32) {
        bytes memory first = abi.encode(
            keccak256(
                bytes.concat(
                    "Order(address buyer,bytes32 salt,uint256 asset,uint16 version,uint8 kind,uint128 uses,",
                    "uint16 country,bytes32 disease,bytes32 project,bytes32 job,bytes32 recipientKey,",
                    "bytes32 termsHash,uint16 token,uint96 price,uint96 maxFee,uint64 privacyCap,",
                    "uint16 custodianBps,uint16 curatorBps,uint24 gatewaySet,uint8 threshold,uint16 custodian,",
                    "address arbitrator,uint40 deliverBy,uint32 disputeWindow,uint32 reportWindow)"
                )
            ),
            o.buyer,
            o.salt,
            o.asset,
            uint256(o.version),
            uint256(o.kind),
            uint256(o.uses),
            uint256(o.country),
            o.disease
        );
        bytes memory second = abi.encode(
            o.project,
            o.job,
            o.recipientKey,
            o.termsHash,
            uint256(o.token),
            uint256(o.price),
            uint256(o.maxFee),
            uint256(o.privacyCap)
        );
        bytes memory third = abi.encode(
            uint256(o.custodianBps),
            uint256(o.curatorBps),
            uint256(o.gatewaySet),
            uint256(o.threshold),
            uint256(o.custodian),
            o.arbitrator,
            uint256(o.deliverBy),
            uint256(o.disputeWindow),
            uint256(o.reportWindow)
        );
        return keccak256(bytes.concat(first, second, third));
    }

    function receiptStruct(Receipt memory r) internal pure returns (bytes32) {
        bytes memory first = abi.encode(
            keccak256(
                bytes.concat(
                    "Receipt(bytes32 order,bytes32 job,bytes32 algorithm,bytes32 parameters,bytes32 output,",
                    "bytes32 result,bytes32 inputRoot,bytes32 contributorsRoot,uint64 totalWeight,uint32 cohort,",
                    "bytes32 excludedRoot,uint40 grantBlock,uint40 consentBlock,bytes32 consentBlockHash,",
                    "uint64 privacyCost,bytes32 logs,uint8 attestation)"
                )
            ),
            r.order,
            r.job,
            r.algorithm,
            r.parameters,
            r.output,
            r.result,
            r.inputRoot,
            r.contributorsRoot
        );
        bytes memory second = abi.encode(
            uint256(r.totalWeight),
            uint256(r.cohort),
            r.excludedRoot,
            uint256(r.grantBlock),
            uint256(r.consentBlock),
            r.consentBlockHash,
            uint256(r.privacyCost),
            r.logs,
            uint256(r.attestation)
        );
        return keccak256(bytes.concat(first, second));
    }
}
