using Sojourn.Kinds.Explorer.Catalogue;
using Sojourn.Kinds.Explorer.Map;

namespace Sojourn.Kinds.Explorer.Playing;

/// <summary>Buying and selling goods, at prices that differ from place to place but never within one game.</summary>
internal static class Trading
{
    /// <summary>The most that one command moves: what no hold can take.</summary>
    public const int MostAtOnce = 1000;

    private const double LocalSpread = 0.15;
    private const double OfferedChance = 0.45;

    private static readonly string[] OfferedEverywhere = ["fuel_cells", "repair_nanobots", "med_pack"];

    /// <summary>What some of an item bring here: whole credits, rounded down.</summary>
    public static int SellingPrice(Situation now, Item item, int quantity) =>
        (int)(UnitPrice(now.Map, now.Here, item) * quantity);

    /// <summary>What they cost here: whole credits, rounded up, and more than they bring.</summary>
    public static int BuyingPrice(Situation now, Item item, int quantity) =>
        (int)Math.Ceiling(UnitPrice(now.Map, now.Here, item) * now.Rules.TradeSpread * quantity);

    /// <summary>The same at every visit: a market has what it has.</summary>
    public static bool IsOffered(StarMap map, Node place, Item item) =>
        place.Market is not null && item.CanBeSold
        && (OfferedEverywhere.Contains(item.Id) || Local(map, place, item, "offered") < OfferedChance);

    public static double UnitPrice(StarMap map, Node place, Item item) =>
        item.Value
        * (place.Market?.PriceOf(item.Category) ?? 1)
        * map.RegionOf(place).Type.Demand(item.Category)
        * (1 - LocalSpread + (2 * LocalSpread * Local(map, place, item, "price")));

    public static Refusal? CheckBuy(Situation now, string? id, int quantity)
    {
        if (now.CheckCalm() is { } busy)
        {
            return busy;
        }

        if (Item.Find(id ?? "") is not { } item)
        {
            return No.Unknown("item", "item", id, Item.All.Where(each => each.CanBeSold).Select(each => each.Id));
        }

        return CheckQuantity(quantity)
            ?? (now.Here.Market is null ? No.Because("no-market", "There is no market here.")
                : !IsOffered(now.Map, now.Here, item)
                ? No.Because("not-offered", $"{item.Name} are not sold here.")
                : now.RoomFor(item) is var room && room < quantity
                ? No.Because("hold-full", $"The hold takes {room} more {item.Name.ToLowerInvariant()}, not {quantity}.")
                : now.CheckPrice($"Buying {quantity} {item.Name.ToLowerInvariant()}",
                    BuyingPrice(now, item, quantity)));
    }

    public static Refusal? Buy(Turn turn, BuyItem command)
    {
        var now = turn.Now;
        if (CheckBuy(now, command.Item, command.Quantity) is { } refusal)
        {
            return refusal;
        }

        var item = Item.Of(command.Item);
        var price = BuyingPrice(now, item, command.Quantity);
        turn.Spend(price);
        turn.Load(item, command.Quantity);
        turn.Tell(OutcomeType.Success,
            $"Bought {command.Quantity} {item.Name.ToLowerInvariant()} for {price:N0} credits.",
            told => new Bought(told, item.Id, command.Quantity, price));
        return null;
    }

    public static Refusal? CheckSell(Situation now, string? id, int quantity)
    {
        var refusal = now.CheckCalm() ?? CheckHeld(now, id, quantity);
        return refusal
            ?? (!now.Here.IsInhabited ? No.Because("no-market", "There is nobody here to sell to.")
                : !Item.Of(id!).CanBeSold ? No.Because("unsellable", "That is not for sale: somebody waits for it.")
                : null);
    }

    public static Refusal? Sell(Turn turn, SellItem command)
    {
        var now = turn.Now;
        if (CheckSell(now, command.Item, command.Quantity) is { } refusal)
        {
            return refusal;
        }

        var item = Item.Of(command.Item);
        var price = SellingPrice(now, item, command.Quantity);
        turn.Unload(item.Id, command.Quantity);
        turn.Earn(price);
        turn.Tell(OutcomeType.Success,
            $"Sold {command.Quantity} {item.Name.ToLowerInvariant()} for {price:N0} credits.",
            told => new Sold(told, item.Id, command.Quantity, price));
        return null;
    }

    /// <summary>No, unless so many of an item are on board.</summary>
    public static Refusal? CheckHeld(Situation now, string? id, int quantity) =>
        Item.Find(id ?? "") is not { } item
            ? No.Unknown("item", "item", id, Item.All.Select(each => each.Id))
            : CheckQuantity(quantity)
            ?? (now.Has(item.Id) < quantity
                ? No.Because("not-held", $"You have {now.Has(item.Id)} {item.Name.ToLowerInvariant()}.")
                : null);

    private static Refusal? CheckQuantity(int quantity) => quantity is < 1 or > MostAtOnce
        ? No.Such("quantity", "out-of-range", $"'quantity' must be 1 to {MostAtOnce:N0}.")
        : null;

    /// <summary>A number from 0 to 1 that is this map's, place's and item's own.</summary>
    private static double Local(StarMap map, Node place, Item item, string what)
    {
        // Some forty times for each look at a market: as if over "place/item/what", without making that text.
        var hash = 0xcbf29ce484222325 ^ (uint)map.Seed;
        hash = Mix(Mix(Mix(Mix(Mix(hash, place.Id), "/"), item.Id), "/"), what);
        return new Dice(hash).NextFraction();
    }

    private static ulong Mix(ulong hash, string text)
    {
        foreach (var c in text)
        {
            hash = (hash ^ c) * 0x100000001b3;
        }

        return hash;
    }
}
