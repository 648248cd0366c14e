// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IAccessEscrow} from "./interfaces/IAccessEscrow.sol";
import {IAssetRegistry} from "./interfaces/IAssetRegistry.sol";
import {IGatewayRegistry} from "./interfaces/IGatewayRegistry.sol";
import {Errors} from "./libraries/Errors.sol";
import {Modes} from "./libraries/Modes.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {AssetStatus, Cfg, Listing, Parent, Population, Sale, Training, Version} from "./types/AssetTypes.sol";
import {Terms} from "./types/DataUseTypes.sol";
import {Gateway, GatewayStatus} from "./types/GatewayTypes.sol";
import {OrderKind, OrderState} from "./types/OrderTypes.sol";

/// @title AssetRegistry
/// @notice See `IAssetRegistry`, which holds the rules.
contract AssetRegistry is IAssetRegistry, ERC721, EIP712, AccessManaged {
    bytes32 public constant CUSTODY_TYPEHASH = keccak256(
        "Custody(address curator,bytes32 listing,bytes32 version)"
    );
    uint256 public constant WHOLE_BPS = 10_000;
    uint256 public constant MAX_PARENTS = 8;
    uint16 public constant MAX_PARENT_SHARES_BPS = 5_000;
    uint8 public constant MAX_DEPTH = 3;

    IGatewayRegistry public immutable gateways;
    /// @inheritdoc IAssetRegistry
    uint32 public immutable noticePeriod;

    address public escrow;
    uint24 public populationCount;
    uint16 public tokenCount;

    mapping(uint256 asset => Cfg) private _cfgs;
    mapping(uint256 asset => bytes32) private _termsHashes;
    mapping(uint256 asset => mapping(uint16 version => bytes32)) private _versionHashes;
    mapping(uint256 asset => bytes32) private _lineageHashes;
    mapping(uint256 asset => uint8) private _depths;
    mapping(uint256 asset => uint40) private _noticeEnds;
    mapping(uint24 population => Population) private _populations;
    mapping(uint16 index => address) private _tokens;
    mapping(address token => uint16 index) private _tokenIndexes;
    mapping(address escrow => bool) private _escrows;

    constructor(
        address authority,
        IGatewayRegistry gateways_,
        uint32 noticePeriod_
    ) ERC721("Salus assets", "SALUS-A") EIP712("Salus AssetRegistry", "1") AccessManaged(authority) {
        gateways = gateways_;
        noticePeriod = noticePeriod_;
    }

    /*//////////////////////////////////////////////////////////////
                               LISTING
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IAssetRegistry
    function list(
        Listing calldata listing,
        Version calldata version,
        bytes calldata custodySignature
    ) external returns (uint256 asset) {
        // Check: a dataset has records, dataset modes and shares within the whole.
        if (
            listing.modes & Modes.DATASET_MODES == 0 ||
            listing.modes & ~(Modes.DATASET_MODES | Modes.DATASET_RULES) != 0
        ) {
            revert Errors.AssetRegistry_ModesInvalid(listing.modes);
        }
        if (version.count == 0 || version.contentRoot == 0 || version.consentRoot == 0) {
            revert Errors.AssetRegistry_EmptyVersion();
        }
        uint256 shares = uint256(listing.custodianBps) + listing.curatorBps;
        if (shares > WHOLE_BPS) revert Errors.AssetRegistry_SharesExceedWhole(shares);
        return _list(listing, version, custodySignature);
    }

    /// @inheritdoc IAssetRegistry
    function publish(
        Listing calldata listing,
        Version calldata version,
        Parent[] calldata parents,
        Training calldata training,
        bytes calldata custodySignature
    ) external returns (uint256 asset) {
        // Check: the model is what the sender's training order put out.
        if (listing.modes != Modes.MODEL_USE) revert Errors.AssetRegistry_ModesInvalid(listing.modes);
        bytes32 orderId = _checkTraining(training, version.contentRoot);
        uint8 depth = _checkParents(listing, parents, training);
        // Effect
        asset = _list(listing, version, custodySignature);
        _depths[asset] = depth;
        _lineageHashes[asset] = keccak256(abi.encode(parents));
        emit ModelPublished(asset, orderId, parents);
    }

    /// @inheritdoc IAssetRegistry
    function addVersion(uint256 asset, Version calldata version) external returns (uint16 number) {
        Cfg storage cfg = _cfgs[asset];
        _checkCuratorOrCustodian(asset, cfg.custodian);
        if (cfg.status != AssetStatus.Listed) revert Errors.AssetRegistry_NotListed(asset, cfg.status);
        if (version.gatewaySet != cfg.gatewaySet) {
            revert Errors.AssetRegistry_GatewaySetFixed(cfg.gatewaySet, version.gatewaySet);
        }
        // A model's file is what its receipt proved: another file is another model.
        if (cfg.modes == Modes.MODEL_USE) revert Errors.AssetRegistry_ModesInvalid(cfg.modes);
        if (version.count == 0 || version.contentRoot == 0 || version.consentRoot == 0) {
            revert Errors.AssetRegistry_EmptyVersion();
        }
        number = ++cfg.versions;
        cfg.count = version.count;
        _addVersion(asset, number, version);
    }

    /// @inheritdoc IAssetRegistry
    function setPrice(uint256 asset, uint80 price) external {
        if (ownerOf(asset) != msg.sender) revert Errors.AssetRegistry_NotCurator(asset, msg.sender);
        _cfgs[asset].price = price;
        emit PriceChanged(asset, price);
    }

    /// @inheritdoc IAssetRegistry
    function delist(uint256 asset) external {
        Cfg storage cfg = _cfgs[asset];
        _checkCuratorOrCustodian(asset, cfg.custodian);
        if (cfg.status == AssetStatus.Delisted) revert Errors.AssetRegistry_NotListed(asset, cfg.status);
        cfg.status = AssetStatus.Delisted;
        emit AssetDelisted(asset);
    }

    /// @inheritdoc IAssetRegistry
    function accept(uint256 asset) external {
        Cfg storage cfg = _cfgs[asset];
        if (gateways.operatorOf(cfg.custodian) != msg.sender) {
            revert Errors.AssetRegistry_NotCustodian(asset, msg.sender);
        }
        if (cfg.status != AssetStatus.Frozen) revert Errors.AssetRegistry_NotFrozen(asset, cfg.status);
        uint40 noticeEnds = _noticeEnds[asset];
        if (block.timestamp < noticeEnds) revert Errors.AssetRegistry_NoticeRunning(asset, noticeEnds);
        cfg.status = AssetStatus.Listed;
        emit AssetAccepted(asset, ownerOf(asset));
    }

    /*//////////////////////////////////////////////////////////////
                               BY VOTE
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IAssetRegistry
    function allowToken(address token) external restricted returns (uint16 index) {
        if (_tokenIndexes[token] != 0) revert Errors.AssetRegistry_TokenKnown(token);
        index = ++tokenCount;
        _tokens[index] = token;
        _tokenIndexes[token] = index;
        emit TokenAllowed(index, token);
    }

    /// @inheritdoc IAssetRegistry
    function setEscrow(address escrow_) external restricted {
        escrow = escrow_;
        _escrows[escrow_] = true;
        emit EscrowChanged(escrow_);
    }

    /*//////////////////////////////////////////////////////////////
                              BY ESCROWS
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IAssetRegistry
    function spendPrivacy(uint256 asset, uint64 cost) external {
        if (!_escrows[msg.sender]) revert Errors.AssetRegistry_NotEscrow(msg.sender);
        uint24 number = _cfgs[asset].population;
        Population storage population = _populations[number];
        uint256 spent = uint256(population.spent) + cost;
        if (spent > population.cap) {
            revert Errors.AssetRegistry_PrivacyCapExceeded(number, population.cap, spent);
        }
        population.spent = uint64(spent);
        emit PrivacySpent(number, asset, cost, uint64(spent));
    }

    /*//////////////////////////////////////////////////////////////
                                 VIEWS
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IAssetRegistry
    function assetIdOf(address curator, bytes32 salt) public pure returns (uint256) {
        return uint256(keccak256(abi.encode(curator, salt)));
    }

    /// @inheritdoc IAssetRegistry
    function cfgOf(uint256 asset) external view returns (Cfg memory) {
        return _cfgs[asset];
    }

    /// @inheritdoc IAssetRegistry
    function saleOf(uint256 asset) external view returns (Sale memory) {
        Cfg memory cfg = _cfgs[asset];
        return Sale(cfg, _termsHashes[asset], _tokens[cfg.token], gateways.thresholdOf(cfg.gatewaySet));
    }

    /// @inheritdoc IAssetRegistry
    function termsHashOf(uint256 asset) external view returns (bytes32) {
        return _termsHashes[asset];
    }

    /// @inheritdoc IAssetRegistry
    function versionHashOf(uint256 asset, uint16 version) external view returns (bytes32) {
        return _versionHashes[asset][version];
    }

    /// @inheritdoc IAssetRegistry
    function lineageHashOf(uint256 asset) external view returns (bytes32) {
        return _lineageHashes[asset];
    }

    /// @inheritdoc IAssetRegistry
    function depthOf(uint256 asset) external view returns (uint8) {
        return _depths[asset];
    }

    /// @inheritdoc IAssetRegistry
    function noticeEndOf(uint256 asset) external view returns (uint40) {
        return _noticeEnds[asset];
    }

    /// @inheritdoc IAssetRegistry
    function populationOf(uint24 population) external view returns (Population memory) {
        return _populations[population];
    }

    /// @inheritdoc IAssetRegistry
    function tokenAt(uint16 index) external view returns (address) {
        return _tokens[index];
    }

    /// @inheritdoc IAssetRegistry
    function isEscrow(address escrow_) external view returns (bool) {
        return _escrows[escrow_];
    }

    /// @inheritdoc IAssetRegistry
    function hashTerms(Terms calldata terms) public pure returns (bytes32) {
        return keccak256(abi.encode(terms));
    }

    /*//////////////////////////////////////////////////////////////
                                INTERNAL
    //////////////////////////////////////////////////////////////*/

    function _list(
        Listing calldata listing,
        Version calldata version,
        bytes calldata custodySignature
    ) private returns (uint256 asset) {
        // Check
        if (_tokens[listing.token] == address(0)) revert Errors.AssetRegistry_TokenNotAllowed(listing.token);
        // No model could ever pay more to its parents, so nothing could be published from such terms.
        if (listing.terms.royaltyBps > MAX_PARENT_SHARES_BPS) {
            revert Errors.AssetRegistry_RoyaltyTooHigh(MAX_PARENT_SHARES_BPS, listing.terms.royaltyBps);
        }
        if (version.gatewaySet != listing.gatewaySet) {
            revert Errors.AssetRegistry_GatewaySetFixed(listing.gatewaySet, version.gatewaySet);
        }
        if (!gateways.isMember(listing.gatewaySet, listing.custodian)) {
            revert Errors.AssetRegistry_CustodianOutsideSet(listing.custodian, listing.gatewaySet);
        }
        _checkCustody(listing, version, custodySignature);
        // Effect: `_mint` reverts for an id that exists.
        asset = assetIdOf(msg.sender, listing.salt);
        bytes32 termsHash = hashTerms(listing.terms);
        _cfgs[asset] = Cfg({
            price: listing.price,
            token: listing.token,
            gatewaySet: listing.gatewaySet,
            custodian: listing.custodian,
            custodianBps: listing.custodianBps,
            curatorBps: listing.curatorBps,
            modes: listing.modes,
            status: AssetStatus.Listed,
            versions: 1,
            count: version.count,
            population: _population(listing)
        });
        _termsHashes[asset] = termsHash;
        _mint(msg.sender, asset);
        emit AssetListed(asset, msg.sender, listing, termsHash);
        _addVersion(asset, 1, version);
    }

    function _addVersion(uint256 asset, uint16 number, Version calldata version) private {
        _versionHashes[asset][number] = keccak256(abi.encode(version));
        emit VersionAdded(asset, number, version);
    }

    /// @dev A model has no population: it spends no privacy. A dataset names one of its custodian's, or opens one.
    function _population(Listing calldata listing) private returns (uint24 number) {
        if (listing.modes == Modes.MODEL_USE) return 0;
        number = listing.population;
        if (number == 0) {
            if (listing.privacyCap == 0) revert Errors.AssetRegistry_PrivacyCapZero();
            number = ++populationCount;
            _populations[number] = Population(listing.custodian, listing.privacyCap, 0);
            emit PopulationCreated(number, listing.custodian, listing.privacyCap);
        } else if (_populations[number].custodian != listing.custodian) {
            revert Errors.AssetRegistry_PopulationOfOther(number, listing.custodian);
        }
    }

    function _checkCustody(
        Listing calldata listing,
        Version calldata version,
        bytes calldata signature
    ) private view {
        Gateway memory custodian = gateways.gatewayOf(listing.custodian);
        if (custodian.status != GatewayStatus.Active) {
            revert Errors.AssetRegistry_GatewayNotActive(listing.custodian);
        }
        if (custodian.operator == msg.sender) return;
        bytes32 digest = _hashTypedDataV4(
            keccak256(
                abi.encode(
                    CUSTODY_TYPEHASH,
                    msg.sender,
                    keccak256(abi.encode(listing)),
                    keccak256(abi.encode(version))
                )
            )
        );
        if (!Signatures.isValid(custodian.operator, digest, signature)) {
            revert Errors.AssetRegistry_CustodyNotSigned(listing.custodian);
        }
    }

    /// @dev Of any escrow the registry trusts or trusted: an order that one settled stays settled when it is replaced.
    function _checkTraining(
        Training calldata training,
        bytes32 model
    ) private view returns (bytes32 orderId) {
        if (!_escrows[training.escrow]) revert Errors.AssetRegistry_NotEscrow(training.escrow);
        IAccessEscrow from = IAccessEscrow(training.escrow);
        orderId = from.hashOrder(training.order);
        bool trained =
            training.order.kind == OrderKind.Training &&
                training.order.buyer == msg.sender &&
                from.statusOf(orderId).state == OrderState.Settled &&
                from.receiptHashOf(orderId) == keccak256(abi.encode(training.receipt)) &&
                training.receipt.output == keccak256(abi.encode(training.outputSalt, model));
        if (!trained) revert Errors.AssetRegistry_NotTrainedByReceipt(orderId, model);
    }

    function _checkParents(
        Listing calldata listing,
        Parent[] calldata parents,
        Training calldata training
    ) private view returns (uint8 depth) {
        uint256 count = parents.length;
        if (count > MAX_PARENTS) revert Errors.AssetRegistry_TooManyParents(count);
        if (
            count == 0 ||
            parents[0].asset != training.order.asset ||
            parents[0].contributorsRoot != training.receipt.contributorsRoot
        ) {
            revert Errors.AssetRegistry_TrainingParentMissing(
                training.order.asset,
                training.receipt.contributorsRoot
            );
        }
        _checkRoyalty(training, parents[0].shareBps);
        uint256 shares = parents[0].shareBps;
        for (uint256 i = 1; i < count; ++i) {
            uint256 parent = parents[i].asset;
            if (_cfgs[parent].status == AssetStatus.None || parents[i].contributorsRoot != 0) {
                revert Errors.AssetRegistry_ParentUnknown(parent);
            }
            shares += parents[i].shareBps;
            if (_depths[parent] > depth) depth = _depths[parent];
        }
        if (++depth > MAX_DEPTH) revert Errors.AssetRegistry_LineageTooDeep(MAX_DEPTH, depth);
        if (shares > MAX_PARENT_SHARES_BPS) revert Errors.AssetRegistry_ParentSharesTooHigh(shares);
        uint256 rest = WHOLE_BPS - _min(WHOLE_BPS, uint256(listing.custodianBps) + listing.curatorBps);
        if (shares != rest) revert Errors.AssetRegistry_ParentSharesMismatch(rest, shares);
    }

    function _checkRoyalty(Training calldata training, uint16 shareBps) private pure {
        bytes32 termsHash = hashTerms(training.terms);
        if (termsHash != training.order.termsHash) {
            revert Errors.AssetRegistry_TermsMismatch(
                training.order.asset,
                training.order.termsHash,
                termsHash
            );
        }
        if (shareBps < training.terms.royaltyBps) {
            revert Errors.AssetRegistry_RoyaltyTooLow(training.terms.royaltyBps, shareBps);
        }
    }

    function _checkCuratorOrCustodian(uint256 asset, uint16 custodian) private view {
        if (ownerOf(asset) == msg.sender) return;
        if (gateways.operatorOf(custodian) != msg.sender) {
            revert Errors.AssetRegistry_NotCurator(asset, msg.sender);
        }
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }

    /// @dev A new curator must be accepted by the custodian, and subjects have notice, before new orders are taken.
    function _update(address to, uint256 asset, address auth) internal override returns (address from) {
        from = super._update(to, asset, auth);
        if (from != address(0) && _cfgs[asset].status != AssetStatus.Delisted) {
            uint40 noticeEnds = uint40(block.timestamp) + noticePeriod;
            _cfgs[asset].status = AssetStatus.Frozen;
            _noticeEnds[asset] = noticeEnds;
            emit AssetFrozen(asset, noticeEnds);
        }
    }
}
