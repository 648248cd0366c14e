// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Purpose} from "../types/DataUseTypes.sol";

/// @title DataUse
/// @notice The Data Use Ontology's terms, the uses that a requester declares, and whether the first permit the second.
/// @dev Pure. Its TypeScript twin is `sdk/src/data-use.ts`; both pass the same vectors. Whatever is unknown is denied.
library DataUse {
    // Permissions: a dataset's terms hold exactly one.
    uint128 internal constant NRES = 1 << 0; // DUO:0000004 no restriction
    uint128 internal constant GRU = 1 << 1; // DUO:0000042 general research use
    uint128 internal constant HMB = 1 << 2; // DUO:0000006 health, medical, biomedical research
    uint128 internal constant DS = 1 << 3; // DUO:0000007 disease-specific research
    uint128 internal constant POA = 1 << 4; // DUO:0000011 population origins or ancestry research
    // Modifiers, by DUO number.
    uint128 internal constant RS = 1 << 5; // DUO:0000012 research-specific restrictions
    uint128 internal constant NMDS = 1 << 6; // DUO:0000015 no general methods research
    uint128 internal constant GSO = 1 << 7; // DUO:0000016 genetic studies only
    uint128 internal constant NPUNCU = 1 << 8; // DUO:0000018 not-for-profit, non-commercial use only
    uint128 internal constant PUB = 1 << 9; // DUO:0000019 publication required
    uint128 internal constant COL = 1 << 10; // DUO:0000020 collaboration required
    uint128 internal constant IRB = 1 << 11; // DUO:0000021 ethics approval required
    uint128 internal constant GS = 1 << 12; // DUO:0000022 geographical restriction
    uint128 internal constant MOR = 1 << 13; // DUO:0000024 publication moratorium
    uint128 internal constant TS = 1 << 14; // DUO:0000025 time limit on use
    uint128 internal constant US = 1 << 15; // DUO:0000026 user-specific restriction
    uint128 internal constant PS = 1 << 16; // DUO:0000027 project-specific restriction
    uint128 internal constant IS = 1 << 17; // DUO:0000028 institution-specific restriction
    uint128 internal constant RTN = 1 << 18; // DUO:0000029 return to database or resource
    uint128 internal constant CC = 1 << 19; // DUO:0000043 clinical care use
    uint128 internal constant NPOA = 1 << 20; // DUO:0000044 ancestry research prohibited
    uint128 internal constant NPU = 1 << 21; // DUO:0000045 not-for-profit organisation use only
    uint128 internal constant NCU = 1 << 22; // DUO:0000046 non-commercial use only
    uint128 internal constant NO_REIDENTIFICATION = 1 << 23; // Salus: no attempt to identify a person

    uint128 internal constant PERMISSIONS = NRES | GRU | HMB | DS | POA;
    uint128 internal constant KNOWN_TERMS = (1 << 24) - 1;
    /// @dev Terms whose condition an issuer attests, for the use in question.
    uint128 internal constant ATTESTED = RS | COL | IRB | US | PS | IS;
    /// @dev Terms that a purpose can fail only by what evidence shows.
    uint128 internal constant EVIDENCED = ATTESTED | GS;
    /// @dev Modifiers that few terms hold: the others are decided on first, and alone where none of these is set.
    uint128 internal constant RARE = EVIDENCED | NMDS | GSO | NPUNCU | PUB | MOR | TS | RTN | NPOA;

    // Declared uses. The first six say what is done; at least one of them is declared.
    uint128 internal constant USE_GENERAL = 1 << 0; // research that is not about health
    uint128 internal constant USE_HEALTH = 1 << 1; // research into health in general
    uint128 internal constant USE_DISEASE = 1 << 2; // research into the declared disease
    uint128 internal constant USE_ANCESTRY = 1 << 3; // research into population origins or ancestry
    uint128 internal constant USE_METHODS = 1 << 4; // development of methods
    uint128 internal constant USE_CLINICAL_CARE = 1 << 5; // care of a patient
    // Qualities of the use and of who does it.
    uint128 internal constant COMMERCIAL = 1 << 6; // for commercial ends
    uint128 internal constant FOR_PROFIT = 1 << 7; // by a for-profit organisation
    uint128 internal constant REIDENTIFICATION = 1 << 8; // means to identify people
    uint128 internal constant GENETIC = 1 << 9; // studies genotypes, alone or with phenotypes
    // What the requester undertakes to do. It binds them towards the curator, so no subject is asked to permit it.
    uint128 internal constant WILL_PUBLISH = 1 << 10; // make the results public
    uint128 internal constant WILL_RETURN = 1 << 11; // return derived data to the database
    uint128 internal constant WILL_WAIT = 1 << 12; // publish nothing before the moratorium ends

    uint128 internal constant ACTIVITIES = (1 << 6) - 1;
    uint128 internal constant UNDERTAKINGS = WILL_PUBLISH | WILL_RETURN | WILL_WAIT;
    uint128 internal constant KNOWN_USES = (1 << 13) - 1;

    enum Reason {
        Permitted,
        UnknownTerm,
        TermsIncomplete,
        PermissionNotSingle,
        UnknownUse,
        NoUseDeclared,
        CareNotPermitted,
        OnlyHealthResearch,
        OnlyDiseaseResearch,
        OtherDisease,
        OnlyAncestryResearch,
        CommercialUse,
        ForProfitOrganisation,
        Reidentification,
        MethodsNotPermitted,
        OnlyGeneticStudies,
        CommercialOrForProfit,
        AncestryNotPermitted,
        PublicationNotPromised,
        ReturnNotPromised,
        MoratoriumNotAccepted,
        TimeLimitExceeded,
        RestrictionNotAttested,
        CollaborationNotAttested,
        EthicsApprovalMissing,
        CountryNotPermitted,
        UserNotAttested,
        ProjectNotAttested,
        InstitutionNotAttested
    }

    /// @notice Whether terms permit a purpose, and if not the first rule that forbids it.
    /// @param duo The dataset's terms
    /// @param disease The disease that disease-specific terms name
    /// @param dates When moratorium and use end (see `Terms`)
    /// @param purpose What the requester declares
    /// @param shown What evidence shows, at the bits of the terms that ask for it: an attestation of that kind, a country
    /// that is allowed (GS), a disease that descends from the terms' (DS)
    /// @param time The moment of the decision, in seconds
    /// @param until When the use ends, in seconds
    function permits(
        uint128 duo,
        bytes32 disease,
        uint80 dates,
        Purpose memory purpose,
        uint128 shown,
        uint256 time,
        uint256 until
    ) internal pure returns (Reason) {
        Reason reason = _wellFormed(duo, dates, purpose.uses);
        if (reason != Reason.Permitted) return reason;
        reason = _permission(duo, disease, purpose, shown);
        if (reason != Reason.Permitted) return reason;
        reason = _common(duo, purpose.uses);
        if (reason != Reason.Permitted || duo & RARE == 0) return reason;
        reason = _declared(duo, purpose.uses);
        if (reason != Reason.Permitted) return reason;
        reason = _timed(duo, dates, purpose.uses, time, until);
        return reason == Reason.Permitted ? _evidenced(duo, shown) : reason;
    }

    /// @notice Whether a subject's standing word, a set of uses, covers what a requester declares.
    function covers(uint128 permitted, uint128 uses) internal pure returns (bool) {
        return uses & ~UNDERTAKINGS & ~permitted == 0;
    }

    function _wellFormed(uint128 duo, uint80 dates, uint128 uses) private pure returns (Reason) {
        if (duo & ~KNOWN_TERMS != 0) return Reason.UnknownTerm;
        if (duo & (MOR | TS) != 0) {
            if (duo & MOR != 0 && dates >> 40 == 0) return Reason.TermsIncomplete;
            if (duo & TS != 0 && uint40(dates) == 0) return Reason.TermsIncomplete;
        }
        uint128 permission = duo & PERMISSIONS;
        if (permission == 0 || permission & (permission - 1) != 0) return Reason.PermissionNotSingle;
        if (uses & ~KNOWN_USES != 0) return Reason.UnknownUse;
        if (uses & ACTIVITIES == 0) return Reason.NoUseDeclared;
        return Reason.Permitted;
    }

    /// @dev Methods are within every permission: only NMDS forbids them (DUOS V4). CC adds care to any permission.
    function _permission(
        uint128 duo,
        bytes32 disease,
        Purpose memory purpose,
        uint128 shown
    ) private pure returns (Reason) {
        uint128 activities = purpose.uses & ACTIVITIES;
        if (duo & NRES != 0) return Reason.Permitted;
        if (activities & USE_CLINICAL_CARE != 0) {
            if (duo & CC == 0) return Reason.CareNotPermitted;
            activities ^= USE_CLINICAL_CARE;
        }
        if (duo & GRU != 0) return Reason.Permitted;
        if (duo & HMB != 0) {
            uint128 covered = USE_HEALTH | USE_DISEASE | USE_METHODS;
            return activities & ~covered == 0 ? Reason.Permitted : Reason.OnlyHealthResearch;
        }
        if (duo & POA != 0) {
            uint128 covered = USE_ANCESTRY | USE_METHODS;
            return activities & ~covered == 0 ? Reason.Permitted : Reason.OnlyAncestryResearch;
        }
        if (activities & ~(USE_DISEASE | USE_METHODS) != 0) return Reason.OnlyDiseaseResearch;
        return _withinDisease(disease, purpose, shown) ? Reason.Permitted : Reason.OtherDisease;
    }

    /// @dev A disease that is named must be the terms' own or descend from it; methods alone need to name none.
    function _withinDisease(
        bytes32 disease,
        Purpose memory purpose,
        uint128 shown
    ) private pure returns (bool) {
        if (disease == 0) return false;
        if (purpose.disease == 0) return purpose.uses & (USE_DISEASE | USE_CLINICAL_CARE) == 0;
        return purpose.disease == disease || shown & DS != 0;
    }

    function _common(uint128 duo, uint128 uses) private pure returns (Reason) {
        if (duo & NCU != 0 && uses & COMMERCIAL != 0) return Reason.CommercialUse;
        // DUOS V4 asks for a use that is not for profit, whoever makes it; its word for both is NPU.
        if (duo & NPU != 0 && uses & (FOR_PROFIT | COMMERCIAL) != 0) return Reason.ForProfitOrganisation;
        if (duo & NO_REIDENTIFICATION != 0 && uses & REIDENTIFICATION != 0) return Reason.Reidentification;
        return Reason.Permitted;
    }

    function _declared(uint128 duo, uint128 uses) private pure returns (Reason) {
        if (duo & NMDS != 0 && uses & USE_METHODS != 0) return Reason.MethodsNotPermitted;
        if (duo & GSO != 0 && uses & GENETIC == 0) return Reason.OnlyGeneticStudies;
        if (duo & NPUNCU != 0 && uses & (COMMERCIAL | FOR_PROFIT) != 0) return Reason.CommercialOrForProfit;
        if (duo & NPOA != 0 && uses & USE_ANCESTRY != 0) return Reason.AncestryNotPermitted;
        if (duo & PUB != 0 && uses & WILL_PUBLISH == 0) return Reason.PublicationNotPromised;
        if (duo & RTN != 0 && uses & WILL_RETURN == 0) return Reason.ReturnNotPromised;
        return Reason.Permitted;
    }

    /// @dev A moratorium that has ended asks for nothing; a time limit must cover the whole use.
    function _timed(
        uint128 duo,
        uint80 dates,
        uint128 uses,
        uint256 time,
        uint256 until
    ) private pure returns (Reason) {
        if (duo & MOR != 0 && time < dates >> 40 && uses & WILL_WAIT == 0) {
            return Reason.MoratoriumNotAccepted;
        }
        if (duo & TS != 0 && until > uint40(dates)) return Reason.TimeLimitExceeded;
        return Reason.Permitted;
    }

    function _evidenced(uint128 duo, uint128 shown) private pure returns (Reason) {
        uint128 missing = duo & EVIDENCED & ~shown;
        if (missing == 0) return Reason.Permitted;
        if (missing & RS != 0) return Reason.RestrictionNotAttested;
        if (missing & COL != 0) return Reason.CollaborationNotAttested;
        if (missing & IRB != 0) return Reason.EthicsApprovalMissing;
        if (missing & GS != 0) return Reason.CountryNotPermitted;
        if (missing & US != 0) return Reason.UserNotAttested;
        return missing & PS != 0 ? Reason.ProjectNotAttested : Reason.InstitutionNotAttested;
    }
}
