using System.Collections.Frozen;

namespace Sojourn.Kinds.Generation.Text;

/// <summary>The words that the embedded generator knows something about. English, in lower case.</summary>
internal static class Lexicon
{
    /// <summary>Words that carry no subject; also what often stands capitalised at the head of a sentence.</summary>
    public static readonly FrozenSet<string> Common = Set("""
        a about above across after again against ago all almost alone along already also although always am among an
        and another any anybody anyone anything are around as at away back be became because become been before began
        begin behind being below beneath beside besides between beyond both but by came can cannot come could did
        didn't do does doesn't doing done don't down during each either else enough even ever every everybody everyone
        everything except far few finally first five for four from further gave get go goes going gone good got had
        has hasn't have haven't having he her here hers herself him himself his how however i i'd i'll i'm i've if in
        inside instead into is isn't it it's its itself just keep kept knew know last later least left less let like
        little long look looked made make many maybe me meanwhile might mine more most much must my myself near nearly
        never next no nobody none nor not nothing now nowhere of off often oh on once one only onto or other others
        our ours out outside over own past perhaps put quite rather really said same saw say says see seemed seen
        several shall she should since six so some somebody someone something sometimes somewhere soon still such
        suddenly take than thank that that's the their theirs them themselves then there there's these they thing
        things this those though three through thus till time to today together told tomorrow tonight too took toward
        towards two under until up upon us used very wait was wasn't way we well went were weren't what what's when
        whenever where wherever whether which while who whoever whole whom whose why will with within without won't
        would wouldn't yes yesterday yet you you're your yours yourself hello hey ah okay please stop run listen
        halfway afterwards slowly quickly eventually nobody monday tuesday wednesday thursday friday saturday sunday
        january february march april may june july august september october november december christmas english french
        german spring summer autumn winter ten seven eight nine hundred thousand twelve below somehow whatever
        """);

    public static readonly FrozenSet<string> Pronouns = Set("he she him her his hers they them their theirs");

    public static readonly FrozenSet<string> PluralPronouns = Set("they them their theirs");

    public static readonly FrozenSet<string> Speech = Set("""
        said says asked asks whispered whispers shouted shouts cried called calls answered answers replied replies
        muttered murmured told yelled laughed added snapped sighed explained begged warned promised agreed declared
        announced grinned admitted insisted repeated breathed growled sang
        """);

    public static readonly FrozenSet<string> Titles = Set("""
        captain mr mrs ms miss dr doctor old aunt uncle king queen prince princess lady lord sir professor sergeant
        inspector grandmother grandfather granny father mother brother sister saint commander lieutenant colonel
        general judge master madame detective nurse chief mayor little young
        """);

    /// <summary>People who go by what they are.</summary>
    public static readonly FrozenSet<string> Roles = Set("""
        keeper girl boy man woman child mother father grandmother grandfather king queen prince princess captain
        sailor soldier doctor teacher baker fisherman hunter wizard witch knight stranger robot dragon fox wolf dog
        cat bear ghost pilot engineer detective thief farmer merchant priest brother sister son daughter uncle aunt
        astronaut driver librarian gardener clockmaker shepherd carpenter nurse painter musician innkeeper blacksmith
        miller horse owl raven postman ferryman boatman widow giant mayor cook apprentice traveller traveler
        """);

    /// <summary>Family: usually somebody's, and then often somebody who has a name as well.</summary>
    public static readonly FrozenSet<string> Kin =
        Set("mother father grandmother grandfather brother sister son daughter uncle aunt man woman widow");

    /// <summary>Nouns that cannot be drawn, or not as a thing of their own.</summary>
    public static readonly FrozenSet<string> Shapeless = Set("""
        moment moments breath hour hours minute minutes second seconds times way end side kind sort lot bit rest word
        words day days year years week weeks morning evening night noon dozen head hand hands face eyes eye voice name
        middle top bottom edge breadth width length front part place point sound question answer thought idea feeling
        difference first second third same whole other middle distance direction corner half pair piece course chance
        trouble matter fact sense left right couple number lips taller longer bigger darker brighter smaller older
        younger closer louder deeper higher lower mouth arm arms shoulder fingers palms knees foot feet back world
        life air stillness
        """);

    public static readonly FrozenSet<string> PlacePrepositions =
        Set("in into through across near around beyond outside inside above within leaving reached toward towards");

    public static readonly FrozenSet<string> WeakPlacePrepositions = Set("at to from of off for");

    /// <summary>With these a name is a place's: Salt Street, Cape Wren.</summary>
    public static readonly FrozenSet<string> PlaceParts = Set("""
        street road lane bay harbour harbor island isle lake mount mountain cape port fort river sea ocean forest wood
        woods valley hill hills point square bridge castle tower hall house station city town village rock rocks cove
        head moor desert abbey inn market park avenue strait sound ridge falls beach canal quay gate peak
        """);

    public static readonly FrozenSet<string> Actions = Set("""
        ran run running jumped leapt leaped chased fought fight climbed climbing fell falling crashed burst raced
        rushed grabbed threw struck swung dived dove pulled dragged dashed fled escape escaped hurled charged broke
        smashed stormed galloped sprinted plunged rowed rowing
        """);

    public static readonly FrozenSet<string> Arrivals = Set("""
        arrived arrive arrives reached entered came returned approached landed found stepped opened crossed discovered
        sailed
        """);

    public static readonly FrozenSet<string> Feelings = Set("""
        tears wept smiled smile eyes heart trembled trembling afraid remembered whispered face hands hand breath lips
        thought felt loved grief alone sighed hope
        """);

    /// <summary>Past tenses and the like that must not be taken for the noun at the end of "the … …".</summary>
    public static readonly FrozenSet<string> Verbs = Set("""
        went came ran fell rose sat stood lay took gave held kept knew grew blew threw drew flew saw heard felt left
        lost met made paid put read rode rang sang sank sent set shone shook shut slept slid spoke spent spun stuck
        struck swam swept swung taught tore told thought understood woke wore won wrote broke brought built bought
        burst caught chose clung crept dealt did drank drove ate fed fought found forgot got hung hid hit hurt led
        leapt let lit began became is was were are had has have would could should might must will can does do be been
        being wept bent bled dug spread wound goes comes runs says looks turns makes takes seems opens burns stands
        knows keeps gives gets moves lies waits
        """);

    public static FrozenSet<string> Set(string words) => words
        .Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)
        .ToFrozenSet(StringComparer.Ordinal);
}
